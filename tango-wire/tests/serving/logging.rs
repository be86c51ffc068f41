//! Logs of devices, brought to consumers that clients have named.

use std::{future::ready, sync::Arc};

use tango_wire::{
    server::{
        BoxFuture, DeviceLogs, DeviceServer, LogLevel, ReadingToServe, RunningServer, Servant,
    },
    types::{AttributeConfig, CommandInfo, DataType, DevFailed, DevState, Value},
};
use tokio::{sync::mpsc, time::timeout};

use crate::support::{DEVICE, Everything, OTHER_DEVICE, SOON, open_admin, reason};

const CONSUMER: &str = "harness/log/1";

/// A log consumer that passes on what it gets.
struct Consumer {
    lines: mpsc::UnboundedSender<Vec<String>>,
}

impl Servant for Consumer {
    fn class(&self) -> String {
        "LogConsumer".into()
    }
    fn commands(&self) -> Vec<CommandInfo> {
        vec![CommandInfo::new(
            "Log",
            DataType::VarStringArray,
            DataType::Void,
        )]
    }
    fn attributes(&self) -> Vec<AttributeConfig> {
        Vec::new()
    }
    fn state(&self) -> DevState {
        DevState::On
    }
    fn command<'a>(
        &'a self,
        _: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DevFailed>> {
        if let Value::Strings(line) = argument {
            self.lines.send(line).expect("the test listens");
        }
        Box::pin(ready(Ok(Value::Void)))
    }
    fn read<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        Box::pin(ready(Ok(Value::Void.into())))
    }
}

struct Consuming {
    server: RunningServer,
    lines: mpsc::UnboundedReceiver<Vec<String>>,
}

impl Consuming {
    async fn start() -> Consuming {
        let (sender, lines) = mpsc::unbounded_channel();
        let server = DeviceServer::new("consumer/test")
            .with_device(CONSUMER, Arc::new(Consumer { lines: sender }));
        let server = server.start().await.expect("a free port");
        Consuming { server, lines }
    }

    fn target(&self) -> String {
        let url = self.server.device_url(CONSUMER).expect("it is served");
        format!("device::{url}")
    }

    /// Level, device and message of the next line.
    async fn next(&mut self) -> [String; 3] {
        let line = timeout(SOON, self.lines.recv()).await;
        let line = line.expect("in time").expect("the consumer lives");
        assert_eq!(line.len(), 6, "{line:?}");
        assert!(line[0].parse::<u64>().expect("milliseconds") > 1_700_000_000_000);
        [line[1].clone(), line[2].clone(), line[3].clone()]
    }
}

async fn logging(logs: &DeviceLogs) -> RunningServer {
    let server = DeviceServer::new("everything/test")
        .with_device(DEVICE, Arc::new(Everything::default()))
        .with_device(OTHER_DEVICE, Arc::new(Everything::default()))
        .with_logs(logs.clone());
    server.start().await.expect("a free port")
}

fn strings(items: &[&str]) -> Value {
    Value::Strings(items.iter().map(|&item| item.to_owned()).collect())
}

#[tokio::test]
async fn a_consumer_gets_what_the_device_says_from_when_it_is_added_until_it_is_removed() {
    let logs = DeviceLogs::new().with_level(LogLevel::Info);
    let server = logging(&logs).await;
    let admin = open_admin(&server).await;
    let mut consuming = Consuming::start().await;
    let target = consuming.target();

    logs.log(DEVICE, LogLevel::Info, "nobody listens");
    let added = admin.command("AddLoggingTarget", strings(&[DEVICE, &target]));
    added.await.expect("added");
    let told = admin.command("GetLoggingTarget", Value::String(DEVICE.into()));
    assert_eq!(told.await.expect("answered"), strings(&[&target]));

    logs.log(DEVICE, LogLevel::Debug, "too much detail");
    logs.log(OTHER_DEVICE, LogLevel::Info, "somebody else");
    logs.log(DEVICE, LogLevel::Info, "first");
    logs.log(&DEVICE.to_lowercase(), LogLevel::Error, "second");
    assert_eq!(consuming.next().await, ["INFO", DEVICE, "first"]);
    let lower = DEVICE.to_lowercase();
    assert_eq!(consuming.next().await, ["ERROR", &lower, "second"]);

    let removed = admin.command("RemoveLoggingTarget", strings(&["*", "device::*"]));
    removed.await.expect("removed");
    logs.log(DEVICE, LogLevel::Info, "nobody listens any more");
    let again = admin.command("AddLoggingTarget", strings(&["*", &target]));
    again.await.expect("added");
    logs.log(OTHER_DEVICE, LogLevel::Info, "third");
    assert_eq!(consuming.next().await, ["INFO", OTHER_DEVICE, "third"]);
}

#[tokio::test]
async fn levels_and_whether_anything_is_said_can_be_set() {
    let logs = DeviceLogs::new();
    let server = logging(&logs).await;
    let admin = open_admin(&server).await;
    let mut consuming = Consuming::start().await;
    let target = consuming.target();
    let added = admin.command("AddLoggingTarget", strings(&[DEVICE, &target]));
    added.await.expect("added");
    assert!(!logs.wants(DEVICE, LogLevel::Info));

    let levels = Value::LongStrings(vec![5], vec![DEVICE.into()]);
    let set = admin.command("SetLoggingLevel", levels.clone()).await;
    set.expect("set");
    let told = admin.command("GetLoggingLevel", strings(&[DEVICE])).await;
    assert_eq!(told.expect("answered"), levels);
    let stopped = admin.command("StopLogging", Value::Void).await;
    stopped.expect("stopped");
    logs.log(DEVICE, LogLevel::Debug, "unheard");
    let started = admin.command("StartLogging", Value::Void).await;
    started.expect("started");
    logs.log(DEVICE, LogLevel::Debug, "heard");
    assert_eq!(consuming.next().await, ["DEBUG", DEVICE, "heard"]);
}

#[tokio::test]
async fn a_consumer_that_is_gone_is_dropped_and_holds_nobody_up() {
    let logs = DeviceLogs::new();
    let server = logging(&logs).await;
    let admin = open_admin(&server).await;
    let consuming = Consuming::start().await;
    let target = consuming.target();
    let added = admin.command("AddLoggingTarget", strings(&[DEVICE, &target]));
    added.await.expect("added");
    consuming.server.shutdown().await.expect("stopped");

    for number in 0..10_000 {
        logs.log(DEVICE, LogLevel::Error, number);
    }
    let dropped = async {
        while logs.wants(DEVICE, LogLevel::Error) {
            tokio::task::yield_now().await;
        }
    };
    timeout(SOON, dropped).await.expect("after some tries");
}

#[tokio::test]
async fn what_cannot_be_logged_to_is_refused() {
    let logs = DeviceLogs::new();
    let server = logging(&logs).await;
    let admin = open_admin(&server).await;
    let no_consumer = server.device_url(DEVICE).expect("it is served");
    for (arguments, expected) in [
        (vec![DEVICE], "API_WrongNumberOfArgs"),
        (vec!["a/b/c", "console::cout"], "API_DeviceNotFound"),
        (vec![DEVICE, "file::/tmp/x"], "API_MethodArgument"),
        (vec![DEVICE, "nonsense"], "API_MethodArgument"),
        (
            vec![DEVICE, &format!("device::{no_consumer}")],
            "API_ConnectionFailed",
        ),
    ] {
        let refused = admin.command("AddLoggingTarget", strings(&arguments));
        assert_eq!(reason(refused.await), expected, "{arguments:?}");
    }
    let levels = Value::LongStrings(vec![9], vec![DEVICE.into()]);
    let refused = admin.command("SetLoggingLevel", levels).await;
    assert_eq!(reason(refused), "API_MethodArgument");
}
