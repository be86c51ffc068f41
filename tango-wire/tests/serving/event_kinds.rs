//! Events of all kinds, from the subscription to the octets.

use tango_wire::{
    cdr::{ByteOrder, Reader},
    server::{EventError, ReadingToServe},
    types::{
        AttributeValue, AttributeVersion, DataReady, DevFailed, EventKind, InterfaceChange,
        Quality, Value,
    },
    zmtp::{Message, SubscriberSocket},
};

use crate::{
    events::{next_message, raw},
    support::{DEVICE, Served, open_admin, reason, serve},
};

/// What the admin device answers to somebody who wants to subscribe.
pub(crate) async fn subscription(
    served: &Served,
    attribute: &str,
    kind: &str,
    version: &str,
) -> Result<(String, String), tango_wire::Error> {
    let admin = open_admin(&served.server).await;
    let words = [DEVICE, attribute, "subscribe", kind, version].map(str::to_owned);
    let reply = admin.command("ZmqEventSubscriptionChange", Value::Strings(words.to_vec()));
    match reply.await? {
        Value::LongStrings(_, strings) => {
            let [_, endpoint, topic, _] = strings.try_into().expect("four strings");
            Ok((endpoint, topic))
        }
        other => panic!("{other:?}"),
    }
}

/// Subscribes without a client.
pub(crate) async fn follow(served: &Served, attribute: &str, kind: EventKind) -> SubscriberSocket {
    let (endpoint, topic) = subscription(served, attribute, kind.name(), "6")
        .await
        .expect("has such events");
    raw(&endpoint, &topic).await
}

/// The data of an event, without what stands before them; checks counter and error flag.
pub(crate) fn data(message: &Message, counter: u8, error: bool) -> Vec<u8> {
    let [_, order, call, data] = message.parts() else {
        panic!("{message:?}");
    };
    assert_eq!(order.as_slice(), [1]);
    assert_eq!((call[4], call[20]), (counter, u8::from(error)));
    assert_eq!(data[..4], [0xc0, 0xde, 0xc0, 0xde]);
    data[4..].to_vec()
}

const WITH_VALUE: [EventKind; 5] = [
    EventKind::Change,
    EventKind::Periodic,
    EventKind::Archive,
    EventKind::Alarm,
    EventKind::User,
];

#[tokio::test]
async fn every_kind_with_a_value_has_a_topic_and_a_counter_of_its_own() {
    let served = serve().await;
    let events = served.server.events();
    for kind in WITH_VALUE {
        let (_, topic) = subscription(&served, "power", kind.name(), "6")
            .await
            .expect("has such events");
        let prefix = if kind == EventKind::Alarm {
            ""
        } else {
            "idl5_"
        };
        assert!(
            topic.ends_with(&format!("everything/1/power#dbase=no.{prefix}{kind}")),
            "{topic}"
        );
        let mut socket = follow(&served, "power", kind).await;
        assert_eq!(events.subscribers_to(kind, DEVICE, "Power"), 1);
        for number in 1u8..4 {
            let reading = ReadingToServe::from(Value::Double(number.into()));
            events
                .push_event(kind, DEVICE, "POWER", reading)
                .expect("pushed");
        }
        let failure = DevFailed::new("TEST_Lost", "lost", "here");
        events
            .push_event_error(kind, DEVICE, "power", &failure)
            .expect("pushed");
        for number in 1u8..4 {
            let data = data(&next_message(&mut socket).await, number, false);
            let mut reader = Reader::new(&data, ByteOrder::Little);
            let value = AttributeValue::read(&mut reader, AttributeVersion::Five);
            let reading = value.expect("a value").outcome.expect("a reading");
            assert_eq!(reading.name, "power");
            assert_eq!(reading.value, Value::Double(number.into()));
        }
        let data = data(&next_message(&mut socket).await, 4, true);
        let read = DevFailed::read(&mut Reader::new(&data, ByteOrder::Little));
        assert_eq!(read.expect("an error stack"), failure);
    }
}

#[tokio::test]
async fn data_ready_events_bring_the_devices_own_number() {
    let served = serve().await;
    let (_, topic) = subscription(&served, "power", "data_ready", "6")
        .await
        .expect("has such events");
    assert!(topic.ends_with("/power#dbase=no.data_ready"), "{topic}");
    let mut socket = follow(&served, "power", EventKind::DataReady).await;
    let events = served.server.events();
    events.push_data_ready(DEVICE, "power", 42).expect("pushed");
    let data = data(&next_message(&mut socket).await, 1, false);
    let ready = DataReady::read(&mut Reader::new(&data, ByteOrder::Little)).expect("read");
    assert_eq!((ready.name.as_str(), ready.counter), ("power", 42));
}

#[tokio::test]
async fn values_beyond_their_limits_do_not_leave_as_valid_ones() {
    let served = serve().await;
    let mut socket = follow(&served, "limited", EventKind::User).await;
    let events = served.server.events();
    for (value, quality, expected) in [
        (5.0, Quality::Valid, Quality::Valid),
        (8.5, Quality::Valid, Quality::Warning),
        (9.5, Quality::Valid, Quality::Alarm),
        (9.5, Quality::Changing, Quality::Changing),
    ] {
        let reading = ReadingToServe::new(Value::Double(value)).with_quality(quality);
        events
            .push_event(EventKind::User, DEVICE, "limited", reading)
            .expect("pushed");
        let message = next_message(&mut socket).await;
        let data = &message.parts()[3][4..];
        let mut reader = Reader::new(data, ByteOrder::Little);
        let value = AttributeValue::read(&mut reader, AttributeVersion::Five);
        let reading = value.expect("a value").outcome.expect("a reading");
        assert_eq!(reading.quality, expected);
    }
}

#[tokio::test]
async fn what_a_device_does_not_send_cannot_be_subscribed_to_nor_pushed() {
    let served = serve().await;
    for (attribute, kind, version, expected) in [
        ("names", "change", "6", None),
        ("names", "user_event", "6", None),
        ("names", "attr_conf", "6", None),
        ("", "intr_change", "6", None),
        (
            "names",
            "periodic",
            "6",
            Some("API_AttributePollingNotStarted"),
        ),
        (
            "names",
            "archive",
            "6",
            Some("API_AttributePollingNotStarted"),
        ),
        (
            "names",
            "alarm",
            "6",
            Some("API_AttributePollingNotStarted"),
        ),
        (
            "names",
            "data_ready",
            "6",
            Some("API_AttributeNotDataReadyEnabled"),
        ),
        ("no", "data_ready", "6", Some("API_AttrNotFound")),
        ("no", "attr_conf", "6", Some("API_AttrNotFound")),
        ("names", "quality", "6", Some("API_WrongNumberOfArgs")),
        ("names", "pipe", "6", Some("API_PipeNotFound")),
        ("power", "alarm", "6", None),
        ("power", "alarm", "5", Some("API_ClientTooOld")),
    ] {
        let outcome = subscription(&served, attribute, kind, version).await;
        match expected {
            None => drop(outcome.unwrap_or_else(|error| panic!("{attribute} {kind}: {error:?}"))),
            Some(expected) => assert_eq!(reason(outcome), expected, "{attribute} {kind}"),
        }
    }
    let events = served.server.events();
    let reading = || ReadingToServe::from(Value::Strings(vec![]));
    assert_eq!(
        events.push_event(EventKind::Archive, DEVICE, "names", reading()),
        Err(EventError::NotSent {
            attribute: "names".into(),
            kind: EventKind::Archive
        })
    );
    assert!(matches!(
        events.push_data_ready(DEVICE, "names", 1),
        Err(EventError::NotSent { .. })
    ));
    assert_eq!(
        events.push_event(EventKind::DataReady, DEVICE, "power", reading()),
        Err(EventError::WithoutValue(EventKind::DataReady))
    );
}

#[tokio::test]
async fn a_burst_from_many_tasks_leaves_in_the_order_of_its_numbers() {
    let served = serve().await;
    let mut socket = follow(&served, "power", EventKind::Archive).await;
    let tasks = (0..4u8).map(|task| {
        let events = served.server.events();
        tokio::task::spawn_blocking(move || {
            for number in 0..50u8 {
                let value = Value::Double(f64::from(task) * 100.0 + f64::from(number));
                events
                    .push_event(EventKind::Archive, DEVICE, "power", value.into())
                    .expect("pushed");
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.expect("no panic");
    }
    for number in 1..=200u8 {
        data(&next_message(&mut socket).await, number, false);
    }
}

#[tokio::test]
async fn an_interface_that_stays_is_not_told() {
    let served = serve().await;
    let mut socket = follow(&served, "", EventKind::InterfaceChange).await;
    assert_eq!(served.server.interface_changed(DEVICE), Ok(false));
    served
        .device
        .command("Init", Value::Void)
        .await
        .expect("done");
    assert!(matches!(
        served.server.interface_changed("a/b/c"),
        Err(EventError::UnknownDevice(_))
    ));
    served
        .servant
        .more
        .store(true, std::sync::atomic::Ordering::SeqCst);
    assert_eq!(served.server.interface_changed(DEVICE), Ok(true));
    // the first that comes is the one that tells a difference
    let data = data(&next_message(&mut socket).await, 1, false);
    let change = InterfaceChange::read(&mut Reader::new(&data, ByteOrder::Little));
    let change = change.expect("an interface");
    assert!(!change.device_started);
    let names: Vec<_> = change
        .attributes
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert!(names.contains(&"more"), "{names:?}");
    assert!(names.ends_with(&["State", "Status"]), "{names:?}");
    assert!(change.commands.iter().any(|command| command.name == "More"));
}
