//! Commands and attributes of served devices.

use std::sync::{Arc, atomic::Ordering};

use tango_wire::{
    server::{DeviceServer, ServerError},
    types::{AttributeFormat, AttributeWrite, DataType, DevState, Quality, Value},
};
use tokio::time::timeout;

use crate::support::{DEVICE, Everything, SOON, echo_name, open, reason, serve, values};

#[tokio::test]
async fn values_of_all_types_come_back() {
    let served = serve().await;
    for value in values() {
        let reply = served
            .device
            .command(&echo_name(&value), value.clone())
            .await;
        assert_eq!(reply.expect("echoed"), value);
    }
}

#[tokio::test]
async fn a_device_says_who_it_is() {
    let served = serve().await;
    served.device.ping().await.expect("alive");
    assert_eq!(
        served.device.state().await.expect("told"),
        DevState::Running
    );
    assert_eq!(
        served.device.status().await.expect("told"),
        "The device is in RUNNING state."
    );
    let info = served.device.info().await.expect("told");
    assert_eq!((info.class.as_str(), info.version), ("Everything", 6));
    assert_eq!(info.server, "everything/test");
    let commands = served.device.commands().await.expect("told");
    let names: Vec<&str> = commands
        .iter()
        .map(|command| command.name.as_str())
        .collect();
    assert_eq!(names[..4], ["Init", "State", "Status", "EchoDevBoolean"]);
    let config = served
        .device
        .attribute_config("OBSSTATE")
        .await
        .expect("told");
    assert_eq!(config.name, "obsState");
    assert_eq!(config.data_type, DataType::Enum);
    assert_eq!(config.enum_labels, ["EMPTY", "RESOURCING", "IDLE"]);
    let state = served.device.read("state").await.expect("read");
    assert_eq!(state.value, Value::State(DevState::Running));
    let state = served.device.command("STATE", Value::Void).await;
    assert_eq!(state.expect("told"), Value::State(DevState::Running));
    let init = served.device.command("init", Value::Void).await;
    assert_eq!(init.expect("done"), Value::Void);
}

#[tokio::test]
async fn attributes_of_all_shapes_are_read() {
    let served = serve().await;
    let names = [
        "obsState", "names", "beam", "states", "raw", "lost", "broken", "fragile", "mistyped", "no",
    ];
    let mut readings = served
        .device
        .read_many(&names)
        .await
        .expect("read")
        .into_iter();
    let mut next = || readings.next().expect("one for each name");
    assert_eq!(next().expect("read").value, Value::Short(2));
    let spectrum = next().expect("read");
    assert_eq!(spectrum.format, AttributeFormat::Spectrum);
    assert_eq!(spectrum.dimension, (2, 0));
    let image = next().expect("read");
    assert_eq!(image.dimension, (3, 2));
    assert_eq!(image.value, Value::UShorts((0..6).collect()));
    assert_eq!(
        next().expect("read").value,
        Value::States(vec![DevState::On, DevState::Fault])
    );
    assert!(matches!(next().expect("read").value, Value::Encoded { .. }));
    let lost = next().expect("read");
    assert_eq!((lost.quality, lost.value), (Quality::Invalid, Value::Void));
    assert_eq!(next().expect_err("fails").reason(), "TEST_Broken");
    // a panic is one attribute's, and no other's
    assert_eq!(next().expect_err("fails").reason(), "SERVANT_Panicked");
    assert_eq!(
        next().expect_err("fails").reason(),
        "API_IncompatibleAttrDataType"
    );
    assert_eq!(next().expect_err("fails").reason(), "API_AttrNotFound");
}

#[tokio::test]
async fn what_is_written_is_the_set_point() {
    let served = serve().await;
    served
        .device
        .write("POWER", Value::Double(2.5))
        .await
        .expect("written");
    let reading = served.device.read("power").await.expect("read");
    assert_eq!(reading.value, Value::Double(-2.5));
    assert_eq!(reading.set_point, Some(Value::Double(2.5)));
    served
        .device
        .write("obsState", Value::Short(2))
        .await
        .expect("written");
}

#[tokio::test]
async fn writes_that_do_not_fit_are_refused_one_by_one() {
    let served = serve().await;
    let writes = [
        AttributeWrite::new("power", Value::Double(1.0)),
        AttributeWrite::new("power", Value::Long(1)),
        AttributeWrite::new("names", Value::Strings(vec![])),
        AttributeWrite::new("obsState", Value::Short(3)),
        AttributeWrite::new("obsState", Value::Short(-1)),
        AttributeWrite::new("power", Value::Doubles(vec![])),
        AttributeWrite::new("no", Value::Long(1)),
    ];
    let error = served
        .device
        .write_many(&writes)
        .await
        .expect_err("refused");
    let tango_wire::Error::MultiDevFailed { failures, .. } = error else {
        panic!("{error:?}");
    };
    let refused: Vec<_> = failures
        .0
        .iter()
        .map(|failed| (failed.index, failed.failure.reason()))
        .collect();
    assert_eq!(
        refused,
        [
            (1, "API_IncompatibleAttrDataType"),
            (2, "API_AttrNotWritable"),
            (3, "API_WAttrOutsideLimit"),
            (4, "API_WAttrOutsideLimit"),
            (5, "API_IncompatibleAttrDataType"),
            (6, "API_AttrNotFound"),
        ]
    );
    let reading = served.device.read("power").await.expect("read");
    assert_eq!(
        reading.set_point,
        Some(Value::Double(1.0)),
        "the good one was written"
    );
}

#[tokio::test]
async fn refusals_carry_their_reason_and_the_device_lives_on() {
    let served = serve().await;
    for (command, argument, expected) in [
        ("NoSuchCommand", Value::Void, "API_CommandNotFound"),
        (
            "EchoDevLong",
            Value::Double(1.0),
            "API_IncompatibleCmdArgumentType",
        ),
        ("Fail", Value::Void, "TEST_Failed"),
        ("Panic", Value::Void, "SERVANT_Panicked"),
        ("PanicLate", Value::Void, "SERVANT_Panicked"),
        ("Euro", Value::Void, "SERVANT_UnsendableAnswer"),
        ("WrongReply", Value::Void, "SERVANT_WrongReplyType"),
    ] {
        assert_eq!(
            reason(served.device.command(command, argument).await),
            expected,
            "{command}"
        );
    }
    // a void command takes anything, as with real servers
    served
        .device
        .command("Init", Value::Long(1))
        .await
        .expect("done");
}

#[tokio::test]
async fn commands_take_turns() {
    let served = serve().await;
    let mut calls = Vec::new();
    for _ in 0..3 {
        let device = served.device.clone();
        calls.push(tokio::spawn(async move {
            device.command("Hold", Value::Void).await
        }));
    }
    for _ in 0..3 {
        timeout(SOON, served.servant.started.notified())
            .await
            .expect("started");
        served.servant.held.notify_one();
    }
    for call in calls {
        call.await.expect("no panic").expect("done");
    }
    assert_eq!(served.servant.most_running.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_command_runs_on_when_its_caller_has_gone() {
    let served = serve().await;
    let impatient = open(&served.server).await;
    let call = tokio::spawn(async move { impatient.command("Hold", Value::Void).await });
    timeout(SOON, served.servant.started.notified())
        .await
        .expect("started");
    call.abort();
    let other = served.device.clone();
    let waiting = tokio::spawn(async move { other.command("Hold", Value::Void).await });
    served.servant.held.notify_one();
    timeout(SOON, served.servant.started.notified())
        .await
        .expect("the next one's turn");
    served.servant.held.notify_one();
    waiting.await.expect("no panic").expect("done");
}

#[tokio::test]
async fn shutting_down_ends_calls_and_frees_the_port() {
    let served = serve().await;
    let address = served.server.address();
    let device = served.device.clone();
    let call = tokio::spawn(async move { device.command("Hold", Value::Void).await });
    timeout(SOON, served.servant.started.notified())
        .await
        .expect("started");
    served.server.shutdown().await.expect("shut down");
    assert!(
        timeout(SOON, call)
            .await
            .expect("in time")
            .expect("no panic")
            .is_err()
    );
    let again = DeviceServer::new("everything/test")
        .with_device(DEVICE, Arc::new(Everything::default()))
        .bind(address.to_string());
    let again = again.start().await.expect("the port is free");
    assert_eq!(again.address(), address);
}

#[tokio::test]
async fn names_are_checked_before_anything_is_served() {
    let device = || Arc::new(Everything::default());
    let bad = DeviceServer::new("no-instance").with_device("a/b/c", device());
    assert!(matches!(bad.start().await, Err(ServerError::ServerName(_))));
    let bad = DeviceServer::new("a/b").with_device("a/b", device());
    assert!(matches!(bad.start().await, Err(ServerError::DeviceName(_))));
    let bad = DeviceServer::new("a/b")
        .with_device("a/b/c", device())
        .with_device("A/b/c", device());
    assert!(matches!(bad.start().await, Err(ServerError::Duplicate(_))));
    let bad = DeviceServer::new("a/b").bind("256.0.0.1:0");
    assert!(matches!(bad.start().await, Err(ServerError::Bind { .. })));
}
