//! Requests at the level of GIOP: in a wicked order, out of all measure, or made at random.

use std::time::Duration;

use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use tango_wire::{
    any::write_any,
    cdr::{ByteOrder, Writer},
    giop::{GiopError, Reply, ReplyBody},
    types::{AttributeWrite, ClientIdentity, DevFailed, Source, Value},
};
use tokio::time::timeout;

use crate::{
    raw::{Raw, key},
    support::{DEVICE, SOON, echo_name, open, serve, values},
};

#[tokio::test]
async fn restarting_a_busy_device_does_not_stop_others_from_subscribing() {
    let served = serve().await;
    let busy = open(&served.server).await;
    let holding = busy.command("Hold", Value::Void);
    let subscribing = async {
        served.servant.started.notified().await;
        let mut raw = Raw::connect(served.server.address()).await;
        let admin = "dserver/everything/test";
        raw.send(admin, "command_inout", |body| {
            body.string("DevRestart");
            write_any(body, &Value::String(DEVICE.to_owned()));
        })
        .await;
        raw.send(admin, "ping", |_| {}).await;
        // so the restart has begun, and waits for the device
        assert_eq!(Reply::read(&raw.receive().await).expect("a reply").id, 2);
        let subscription = timeout(SOON / 2, served.device.subscribe("power", |_| {})).await;
        served.servant.held.notify_one();
        let _subscription = subscription.expect("in time").expect("subscribed");
        assert_eq!(Reply::read(&raw.receive().await).expect("a reply").id, 1);
    };
    let (held, ()) = tokio::join!(holding, subscribing);
    held.expect("done");
}

#[tokio::test]
async fn a_call_about_very_many_attributes_is_refused() {
    let served = serve().await;
    let mut raw = Raw::connect(served.server.address()).await;
    for (operation, count, refused) in [
        ("read_attributes_5", 1000, false),
        ("read_attributes_5", 1_000_000, true),
        ("get_attribute_config_5", 1000, false),
        ("get_attribute_config_5", 1_000_000, true),
        ("write_attributes_4", 1000, false),
        ("write_attributes_4", 100_000, true),
    ] {
        raw.send(&key(), operation, |body| {
            if operation == "write_attributes_4" {
                let write = AttributeWrite::new("power", Value::Double(1.0));
                body.sequence(&vec![(); count], |body, ()| write.write(body));
            } else {
                body.strings(&vec!["power"; count]);
            }
            Source::Device.write(body);
            ClientIdentity::own(6).write(body);
        })
        .await;
        let message = raw.receive().await;
        match Reply::read(&message).expect("a reply").body {
            ReplyBody::UserException { mut content, .. } => {
                assert!(refused, "{operation} of {count}");
                let failure = DevFailed::read(&mut content).expect("a failure");
                assert_eq!(failure.reason(), "SERVANT_TooManyAttributes");
            }
            ReplyBody::Result(_) => assert!(!refused, "{operation} of {count}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_reply_that_was_not_taken_in_time_ends_the_connection() {
    let served = serve().await;
    let mut raw = Raw::connect(served.server.address()).await;
    let large = Value::String("x".repeat(30 << 20));
    raw.send(&key(), "command_inout", |body| {
        body.string("EchoLate");
        write_any(body, &large);
    })
    .await;
    tokio::time::sleep(Duration::from_secs(120)).await;
    raw.send(&key(), "ping", |_| {}).await;
    // not the reply to the ping in the middle of the other
    let message = timeout(SOON, raw.messages.next()).await.expect("in time");
    assert!(matches!(message, Err(GiopError::Truncated)), "{message:?}");
}

const OPERATIONS: [&str; 23] = [
    "_is_a",
    "_non_existent",
    "ping",
    "_get_name",
    "_get_adm_name",
    "_get_state",
    "_get_status",
    "info",
    "info_3",
    "info_6",
    "black_box",
    "command_list_query",
    "command_list_query_2",
    "command_query",
    "command_query_2",
    "command_inout",
    "command_inout_2",
    "command_inout_4",
    "get_attribute_config",
    "get_attribute_config_5",
    "read_attributes_5",
    "write_attributes_4",
    "write_read_attributes_5",
];

const NAMES: [&str; 16] = [
    "obsState",
    "POWER",
    "names",
    "beam",
    "raw",
    "mistyped",
    "broken",
    "Fail",
    "Panic",
    "PanicLate",
    "Euro",
    "State",
    "DevRestart",
    "ZmqEventSubscriptionChange",
    "All attributes",
    "",
];

/// The arguments of a call, as they should be for some operation, though not for any.
fn arguments() -> impl Strategy<Value = Vec<u8>> {
    let name = proptest::sample::select(NAMES.to_vec());
    let value = proptest::sample::select(values());
    let identity = |octets: &mut Writer| {
        Source::Device.write(octets);
        ClientIdentity::own(6).write(octets);
    };
    prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        (name.clone(), value.clone(), any::<bool>()).prop_map(move |(name, value, echo)| {
            written(|body| {
                let echoes = echo_name(&value);
                body.string(if echo { &echoes } else { name });
                write_any(body, &value);
                identity(body);
            })
        }),
        proptest::collection::vec((name.clone(), value), 0..4).prop_map(move |writes| {
            written(|body| {
                body.sequence(&writes, |body, (name, value)| {
                    AttributeWrite::new(*name, value.clone()).write(body);
                });
                ClientIdentity::own(6).write(body);
            })
        }),
        proptest::collection::vec(name, 0..9).prop_map(move |names| {
            written(|body| {
                body.strings(&names);
                identity(body);
            })
        }),
    ]
}

fn written(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut octets = Writer::new(ByteOrder::Little);
    write(&mut octets);
    // some values can be held by no attribute
    octets.finish().unwrap_or_default()
}

#[tokio::test]
async fn every_request_is_answered_whatever_its_arguments_and_others_are_served() {
    let served = serve().await;
    let mut runner = TestRunner::deterministic();
    let altered = proptest::option::of((any::<proptest::sample::Index>(), any::<u8>()));
    let request = (
        proptest::sample::select(vec![DEVICE, "dserver/everything/test", "no/such/device"]),
        proptest::sample::select(OPERATIONS.to_vec()),
        arguments(),
        altered,
    );
    let mut raw = Raw::connect(served.server.address()).await;
    let mut outcomes = [0; 3];
    for round in 0..5000 {
        let (key, operation, mut body, altered) =
            request.new_tree(&mut runner).expect("generates").current();
        if let Some((place, octet)) = altered.filter(|_| !body.is_empty()) {
            let place = place.index(body.len());
            body[place] = octet;
        }
        raw.send(&key.to_lowercase(), operation, |writer| writer.raw(&body))
            .await;
        let message = raw.receive().await;
        let reply = Reply::read(&message).unwrap_or_else(|_| panic!("{operation} {body:02x?}"));
        assert_eq!(reply.id, raw.last, "{operation} {body:02x?}");
        match reply.body {
            ReplyBody::Result(_) => outcomes[0] += 1,
            ReplyBody::UserException { .. } => outcomes[1] += 1,
            ReplyBody::SystemException(_) => outcomes[2] += 1,
            ReplyBody::LocationForward(to) => panic!("{operation}: {to}"),
        }
        if round % 100 == 0 {
            served.device.ping().await.expect("alive");
        }
    }
    assert!(outcomes.iter().all(|&count| count > 100), "{outcomes:?}");
    let echoed = served.device.command("EchoDevShort", Value::Short(5)).await;
    assert_eq!(echoed.expect("echoed"), Value::Short(5));
}
