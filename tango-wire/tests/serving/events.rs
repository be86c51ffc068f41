//! Change events of served devices, as the client receives them.

use std::time::SystemTime;

use tango_wire::{
    EventNotice, EventSubscription,
    server::EventError,
    types::{DevFailed, Value},
    zmtp::{Message, SubscriberSocket},
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
            EventNotice::Event(reading) => {
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
    let large = Value::Strings(vec!["x".repeat(65 << 20)]);
    assert!(matches!(
        push(&served, "names", large),
        Err(EventError::TooLarge { limit, .. }) if limit == 64 << 20
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

/// What a client learns when it subscribes: endpoints and topics.
async fn subscription_reply(served: &Served) -> Vec<String> {
    let url = served
        .server
        .device_url("dserver/everything/test")
        .expect("every server has one");
    let admin = tango_wire::Client::new().device(&url).await.expect("opens");
    let arguments = [DEVICE, "obsState", "subscribe", "change", "6"].map(str::to_owned);
    let reply = admin.command(
        "ZmqEventSubscriptionChange",
        Value::Strings(arguments.to_vec()),
    );
    match reply.await {
        Ok(Value::LongStrings(numbers, strings)) => {
            assert_eq!(numbers, [1033, 6, 1000, 0, 0, 435]);
            strings
        }
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn raw(endpoint: &str, topic: &str) -> SubscriberSocket {
    let address = endpoint.strip_prefix("tcp://").expect("TCP");
    let socket = SubscriberSocket::connect(address).await.expect("connects");
    socket.subscribe(topic.as_bytes()).expect("subscribes");
    socket.ping().await.expect("confirmed");
    socket
}

pub(crate) async fn next_message(socket: &mut SubscriberSocket) -> Message {
    timeout(SOON, socket.next())
        .await
        .expect("in time")
        .expect("connected")
}

#[tokio::test]
async fn an_event_has_the_octets_of_a_real_one() {
    let served = serve().await;
    let reply = subscription_reply(&served).await;
    let port = served.server.address().port();
    let topic = &reply[2];
    assert!(topic.starts_with("tango://"), "{topic}");
    assert!(
        topic.ends_with(&format!(
            ":{port}/test/everything/1/obsstate#dbase=no.idl5_change"
        )),
        "{topic}"
    );
    let mut socket = raw(&reply[1], topic).await;
    push(&served, "obsState", Value::Short(1)).expect("pushed");
    push(&served, "obsState", Value::Short(2)).expect("pushed");
    for number in 1u8..3 {
        let message = next_message(&mut socket).await;
        let [first, order, call, data] = message.parts() else {
            panic!("{message:?}");
        };
        assert_eq!(
            (first.as_slice(), order.as_slice()),
            (topic.as_bytes(), &[1u8][..])
        );
        let mut expected = vec![1, 0, 0, 0, number, 0, 0, 0, 1, 0, 0, 0];
        expected.extend([0; 9]);
        assert_eq!(
            *call, expected,
            "version, counter, no method, no object, no error"
        );
        // branch 1 of the union, one short, padding; quality, format, type 29
        let mut expected = vec![
            0xc0, 0xde, 0xc0, 0xde, 1, 0, 0, 0, 1, 0, 0, 0, number, 0, 0, 0,
        ];
        expected.extend([0, 0, 0, 0, 0, 0, 0, 0, 29, 0, 0, 0]);
        assert_eq!(data[..28], expected);
        // behind the time: the name, one column, no rows, no set point, no errors
        let mut expected = vec![9, 0, 0, 0];
        expected.extend(b"obsState\0\0\0\0\x01");
        expected.extend([0; 19]);
        assert_eq!(data[40..], expected);
    }
}

#[tokio::test(start_paused = true)]
async fn hearts_beat_before_clients_give_up() {
    let served = serve().await;
    let reply = subscription_reply(&served).await;
    let mut socket = raw(&reply[0], &reply[3]).await;
    let mut last = None;
    for _ in 0..4 {
        // the second topic is for clients of 9.3, which leave the suffix out
        for topic in ["#dbase=no.heartbeat", ".heartbeat"] {
            let message = next_message(&mut socket).await;
            assert_eq!(message.parts().len(), 3);
            let expected = format!("/dserver/everything/test{topic}");
            assert!(message.topic().ends_with(expected.as_bytes()), "{topic}");
        }
        let now = tokio::time::Instant::now();
        let pause = last.replace(now).map(|last| now - last);
        assert!(pause.is_none_or(|pause| pause.as_secs() <= 9), "{pause:?}");
    }
}
