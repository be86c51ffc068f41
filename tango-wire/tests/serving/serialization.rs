//! Who waits for whom.

use std::{
    sync::{Arc, OnceLock},
    time::{Duration, SystemTime},
};

use tango_wire::{
    Client, DeviceProxy, Error,
    server::{
        BoxFuture, DeviceServer, EventPublisher, ReadingToServe, RunningServer, Serialization,
        Servant,
    },
    types::{AttributeConfig, CommandInfo, DataType, DevFailed, DevState, Quality, Value},
};
use tokio::time::timeout;

use crate::{
    raw::{Raw, key, result},
    support::{DEVICE, Everything, OTHER_DEVICE, SOON, open, open_other, reason, serve},
};

/// Two devices of one class whose first is held; nobody waits.
async fn hold(serialization: Serialization) -> (RunningServer, Arc<Everything>) {
    let servant = Arc::new(Everything::default());
    let server = DeviceServer::new("everything/test")
        .with_device(DEVICE, servant.clone())
        .with_device(OTHER_DEVICE, Arc::new(Everything::default()))
        .with_serialization(serialization)
        .with_monitor_timeout(Duration::ZERO);
    let server = server.start().await.expect("starts");
    let device = open(&server).await;
    tokio::spawn(async move { device.command("Hold", Value::Void).await });
    timeout(SOON, servant.started.notified())
        .await
        .expect("started");
    (server, servant)
}

#[tokio::test]
async fn what_a_busy_device_does_not_answer_and_what_it_does() {
    let (server, servant) = hold(Serialization::ByDevice).await;
    let device = open(&server).await;
    let timed_out = "API_CommandTimedOut";
    assert_eq!(reason(device.command("Fail", Value::Void).await), timed_out);
    assert_eq!(
        reason(device.command("State", Value::Void).await),
        timed_out
    );
    assert_eq!(reason(device.command("Init", Value::Void).await), timed_out);
    assert_eq!(reason(device.read("obsState").await), timed_out);
    assert_eq!(
        reason(device.read_many(&["State", "power"]).await),
        timed_out
    );
    assert_eq!(
        reason(device.write("power", Value::Double(1.0)).await),
        timed_out
    );
    match device.state().await {
        Err(Error::System { exception, .. }) => {
            assert_eq!((exception.name(), exception.minor), ("IMP_LIMIT", 0xa));
        }
        other => panic!("{other:?}"),
    }
    let status = device.status().await.expect("in words");
    assert_eq!(status, "Not able to acquire device monitor");

    device.ping().await.expect("answers");
    device.info().await.expect("answers");
    device.commands().await.expect("answers");
    device.command_info("Hold").await.expect("answers");
    device.attribute_config("power").await.expect("answers");
    let mut raw = Raw::connect(server.address()).await;
    for question in ["_get_name", "_get_adm_name", "_get_description"] {
        let message = raw.call(&key(), question, |_| {}).await;
        result(&message, |body| body.string())
            .expect("answers")
            .expect("text");
    }
    let message = raw.call(&key(), "black_box", |body| body.i32(1)).await;
    result(&message, |body| body.strings())
        .expect("answers")
        .expect("text");
    let _subscription = device.subscribe("power", |_| {}).await;

    servant.held.notify_one();
    // the holder may take a moment to be gone
    let free = async { while device.command("State", Value::Void).await.is_err() {} };
    timeout(SOON, free).await.expect("free again");
    device.read("obsState").await.expect("free again");
}

#[tokio::test]
async fn devices_wait_for_each_other_as_far_as_asked() {
    for (serialization, own, others) in [
        (Serialization::ByDevice, true, false),
        (Serialization::ByClass, true, true),
        (Serialization::ByProcess, true, true),
        (Serialization::None, false, false),
    ] {
        let (server, _servant) = hold(serialization).await;
        let waits = |outcome: Result<_, _>| outcome.is_err();
        let device: DeviceProxy = open(&server).await;
        assert_eq!(waits(device.read("power").await), own, "{serialization:?}");
        let other = open_other(&server).await;
        assert_eq!(
            waits(other.read("power").await),
            others,
            "{serialization:?}"
        );
    }
}

#[tokio::test]
async fn calls_that_wait_are_served_in_the_order_in_which_they_came() {
    let served = serve().await;
    let mut raw = Raw::connect(served.server.address()).await;
    let command = |body: &mut tango_wire::cdr::Writer, name: &str| {
        body.string(name);
        tango_wire::any::write_any(body, &Value::String(String::new()));
    };
    raw.send(&key(), "command_inout", |body| command(body, "Hold"))
        .await;
    for _ in 0..20 {
        raw.send(&key(), "command_inout", |body| command(body, "EchoLate"))
            .await;
    }
    raw.send(&key(), "ping", |_| {}).await;
    let id = |message: &_| tango_wire::giop::Reply::read(message).expect("a reply").id;
    assert_eq!(id(&raw.receive().await), 22, "a ping does not wait");
    served.servant.held.notify_one();
    for expected in 1..=21 {
        assert_eq!(id(&raw.receive().await), expected);
    }
}

/// Calls itself, and pushes events while it is called.
#[derive(Debug, Default)]
struct Inward {
    events: EventPublisher,
    url: OnceLock<String>,
}

impl Servant for Inward {
    fn class(&self) -> String {
        "Inward".to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        vec![
            CommandInfo::new("Push", DataType::Void, DataType::Void),
            CommandInfo::new("CallItself", DataType::Void, DataType::Void),
        ]
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        vec![AttributeConfig::new("level", DataType::Double)]
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn command<'a>(&'a self, name: &'a str, _: Value) -> BoxFuture<'a, Result<Value, DevFailed>> {
        Box::pin(async move {
            if name == "Push" {
                let now = SystemTime::now();
                self.events
                    .push_change(DEVICE, "level", Value::Double(2.0), Quality::Valid, now)
                    .expect("declared");
                return Ok(Value::Void);
            }
            let url = self.url.get().expect("told");
            let itself = Client::new().device(url).await.expect("opens");
            let outcome = itself.command("Push", Value::Void).await;
            let failure = outcome.expect_err("it waits for itself");
            Err(failure.dev_failed().expect("refused").clone())
        })
    }

    fn read<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        Box::pin(std::future::ready(Ok(Value::Double(1.0).into())))
    }
}

#[tokio::test]
async fn a_device_pushes_events_while_it_is_called_and_cannot_wait_for_itself_for_ever() {
    let servant = Arc::new(Inward::default());
    let server = DeviceServer::new("inward/test")
        .with_device(DEVICE, servant.clone())
        .with_events(servant.events.clone())
        .with_serialization(Serialization::ByProcess)
        .with_monitor_timeout(Duration::from_millis(50));
    let server = server.start().await.expect("starts");
    let url = server.device_url(DEVICE).expect("served");
    servant.url.set(url).expect("once");
    let device = open(&server).await;
    let (sender, mut seen) = tokio::sync::mpsc::unbounded_channel();
    let subscription = device.subscribe("level", move |event| {
        let _ = sender.send(format!("{event:?}"));
    });
    let _subscription = timeout(SOON, subscription)
        .await
        .expect("in time")
        .expect("subscribed");
    timeout(SOON, device.command("Push", Value::Void))
        .await
        .expect("in time")
        .expect("done");
    let pushed = async {
        while let Some(event) = seen.recv().await {
            if event.contains("2.0") {
                return;
            }
        }
    };
    timeout(SOON, pushed).await.expect("an event");
    let outcome = timeout(SOON, device.command("CallItself", Value::Void)).await;
    assert_eq!(reason(outcome.expect("in time")), "API_CommandTimedOut");
    device.read("level").await.expect("at work");
}
