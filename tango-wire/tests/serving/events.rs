//! Change events of served devices, as the client receives them.

use std::time::SystemTime;

use tango_wire::{
    EventNotice, EventSubscription,
    server::EventError,
    types::{DevFailed, Value},
};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    time::timeout,
};

use crate::support::{DEVICE, SOON, Served, VALID, reason, serve};

async fn follow(
    served: &Served,
    attribute: &str,
) -> (EventSubscription, UnboundedReceiver<EventNotice>) {
    let (sender, notices) = unbounded_channel();
    let handler = move |notice| {
        let _ = sender.send(notice);
    };
    let subscription = served
        .device
        .subscribe(attribute, handler)
        .await
        .expect("subscribed");
    (subscription, notices)
}

async fn next(notices: &mut UnboundedReceiver<EventNotice>) -> EventNotice {
    timeout(SOON, notices.recv())
        .await
        .expect("in time")
        .expect("subscribed still")
}

fn push(served: &Served, attribute: &str, value: Value) -> Result<(), EventError> {
    let events = served.server.events();
    events.push_change(DEVICE, attribute, value, VALID, SystemTime::now())
}

#[tokio::test]
async fn a_burst_arrives_whole_and_in_order() {
    let served = serve().await;
    let (_subscription, mut notices) = follow(&served, "obsState").await;
    assert!(matches!(
        next(&mut notices).await,
        EventNotice::Initial(reading) if reading.value == Value::Short(2)
    ));
    for number in 0..5000 {
        push(&served, "OBSSTATE", Value::Short(number)).expect("pushed");
    }
    for number in 0..5000 {
        match next(&mut notices).await {
            EventNotice::Change(reading) => {
                assert_eq!(reading.value, Value::Short(number));
                assert_eq!(reading.name, "obsState");
            }
            other => panic!("{number}: {other:?}"),
        }
    }
    assert_eq!(served.server.events().dropped(), 0);
}

#[tokio::test]
async fn errors_are_events_too_whatever_their_words() {
    let served = serve().await;
    let (_subscription, mut notices) = follow(&served, "power").await;
    next(&mut notices).await;
    let failure = DevFailed::new("TEST_Lost", "the dish → is gone", "here");
    served
        .server
        .events()
        .push_error(DEVICE, "power", &failure)
        .expect("pushed");
    match next(&mut notices).await {
        EventNotice::Error(failure) => {
            assert_eq!(failure.to_string(), "TEST_Lost: the dish ? is gone");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn what_does_not_fit_is_refused_where_it_is_pushed() {
    let served = serve().await;
    assert!(matches!(
        push(&served, "power", Value::Long(1)),
        Err(EventError::Value(failure)) if failure.reason() == "API_IncompatibleAttrDataType"
    ));
    assert!(matches!(
        push(&served, "no", Value::Long(1)),
        Err(EventError::UnknownAttribute { .. })
    ));
    let now = SystemTime::now();
    let pushed = served
        .server
        .events()
        .push_change("a/b/c", "x", Value::Void, VALID, now);
    assert_eq!(pushed, Err(EventError::UnknownDevice("a/b/c".into())));
    let names = Value::Strings(vec!["→".into()]);
    assert!(matches!(
        push(&served, "names", names),
        Err(EventError::Encoding(_))
    ));
}

#[tokio::test]
async fn subscribers_are_counted_until_they_leave() {
    let served = serve().await;
    let events = served.server.events();
    assert_eq!(events.subscribers(DEVICE, "power"), 0);
    let (subscription, _notices) = follow(&served, "power").await;
    assert_eq!(events.subscribers(DEVICE, "power"), 1);
    drop(subscription);
    let left = async {
        while events.subscribers(DEVICE, "power") > 0 {
            tokio::task::yield_now().await;
        }
    };
    timeout(SOON, left).await.expect("forgotten");
}

#[tokio::test]
async fn an_attribute_that_is_not_there_cannot_be_followed() {
    let served = serve().await;
    assert_eq!(
        reason(served.device.subscribe("no", |_| {}).await),
        "API_AttrNotFound"
    );
}
