//! The device in memory, by its behaviour.

use std::sync::{Arc, Mutex};

use super::*;
use crate::event::Signal;
use crate::value::Value;

fn collecting() -> (Arc<Mutex<Vec<String>>>, Arc<dyn EventSink>) {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = {
        let seen = Arc::clone(&seen);
        move |signal: Signal| {
            let text = signal
                .reading()
                .map_or("none".to_owned(), ToString::to_string);
            seen.lock().unwrap().push(text);
        }
    };
    (seen, Arc::new(sink))
}

#[tokio::test]
async fn subscribers_get_the_initial_value_and_every_push_until_dropped() {
    let device = InMemoryDevice::new("A/B/C").with_attribute("obsState", "EMPTY");
    let (seen, sink) = collecting();
    let subscription = device.subscribe("OBSSTATE", sink).await.unwrap();
    device.set("obsState", "IDLE");
    device.set("obsState", "IDLE");
    device.push(
        "obsState",
        Signal::Lost {
            reason: "gone".into(),
        },
    );
    drop(subscription);
    device.set("obsState", "READY");
    assert_eq!(*seen.lock().unwrap(), ["EMPTY", "IDLE", "IDLE", "none"]);
    assert_eq!(
        (device.subscriptions_made(), device.live_subscriptions()),
        (1, 0)
    );
}

#[tokio::test]
async fn an_enumerated_attribute_holds_members_however_it_is_set() {
    let device = InMemoryDevice::new("a/b/c")
        .with_attribute("obsState", 1)
        .with_labels("ObsState", ["EMPTY", "IDLE"]);
    let (seen, sink) = collecting();
    let _subscription = device.subscribe("obsState", sink).await.unwrap();
    device.set("obsState", 0);
    device.set("obsState", "idle");
    device.set("obsState", 7);
    assert_eq!(*seen.lock().unwrap(), ["IDLE", "EMPTY", "IDLE", "7"]);
    assert_eq!(device.labelled("OBSSTATE", 1.into()).as_str(), Some("IDLE"));
    assert_eq!(device.labelled("other", 1.into()).to_string(), "1");
}

#[tokio::test]
async fn a_member_that_it_holds_tells_its_label() {
    let ready = crate::EnumValue::labelled(4, "READY");
    let device = InMemoryDevice::new("a/b/c").with_attribute("obsState", ready);
    assert_eq!(device.labelled("obsState", 4.into()).to_string(), "READY");
    assert_eq!(device.labelled("obsState", 3.into()).to_string(), "3");
}

#[tokio::test]
async fn an_attribute_without_events_can_be_read_and_not_subscribed_to() {
    let device = InMemoryDevice::new("a/b/c")
        .with_attribute("x", 1)
        .without_events("X");
    let (_, sink) = collecting();
    assert!(device.read("x").await.is_ok());
    let error = device.subscribe("x", sink).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "a/b/c refused subscribe to x: x pushes no change events (NoEvents)"
    );
}

#[tokio::test]
async fn unknown_names_and_an_unreachable_device_are_errors() {
    let device = InMemoryDevice::new("a/b/c").with_attribute("x", 1);
    let error = device.read("y").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "a/b/c refused read y: the device has no attribute y (NotFound)"
    );
    assert!(device.command("Go", Value::Void).await.is_err());
    assert!(device.write("y", 1.into()).await.is_err());
    device.set_unreachable(true);
    let error = device.read("x").await.unwrap_err();
    assert_eq!(error.kind, DeviceErrorKind::Unreachable);
    device.set_unreachable(false);
    assert!(device.read("x").await.is_ok());
}
