//! What clients ask of the admin device, and what they may not.

use std::sync::{Arc, atomic::Ordering};

use tango_wire::{
    Client,
    database::Database,
    server::{BoxFuture, DeviceServer, ReadingToServe, Servant},
    types::{AttributeConfig, CommandInfo, DevFailed, DevState, Value},
};
use tokio::time::timeout;

use crate::support::{DEVICE, Everything, SOON, event_ports, open_admin, reason, serve};

fn strings(items: &[&str]) -> Value {
    Value::Strings(items.iter().map(|&item| item.to_owned()).collect())
}

#[tokio::test]
async fn tools_that_browse_a_server_get_answers() {
    let served = serve().await;
    let admin = open_admin(&served.server).await;
    let device = || Value::String(DEVICE.to_lowercase());
    let class = || Value::String("everything".into());
    let nothing = || Value::Strings(Vec::new());
    let levels = Value::LongStrings(vec![3], vec![DEVICE.into()]);
    for (command, argument, expected) in [
        ("QueryClass", Value::Void, strings(&["Everything"])),
        (
            "QueryDevice",
            Value::Void,
            strings(&["Everything::Test/Everything/1"]),
        ),
        ("QuerySubDevice", Value::Void, nothing()),
        ("PolledDevice", Value::Void, nothing()),
        ("DevPollStatus", device(), nothing()),
        ("QueryWizardClassProperty", class(), nothing()),
        ("QueryWizardDevProperty", class(), nothing()),
        ("GetLoggingTarget", device(), nothing()),
        ("GetLoggingLevel", strings(&["*"]), levels.clone()),
        ("GetLoggingLevel", strings(&["a/b/c", DEVICE]), levels),
        (
            "EventConfirmSubscription",
            strings(&[DEVICE, "power", "change"]),
            Value::Void,
        ),
    ] {
        let answer = admin.command(command, argument).await;
        assert_eq!(answer.expect("answered"), expected, "{command}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_refused() {
    let served = serve().await;
    let admin = open_admin(&served.server).await;
    let unknown = || Value::String("a/b/c".into());
    for (command, argument, expected) in [
        ("DevPollStatus", unknown(), "API_DeviceNotFound"),
        ("GetLoggingTarget", unknown(), "API_DeviceNotFound"),
        ("QueryWizardClassProperty", unknown(), "API_ClassNotFound"),
        (
            "EventConfirmSubscription",
            strings(&[]),
            "API_WrongNumberOfArgs",
        ),
        (
            "EventConfirmSubscription",
            strings(&[DEVICE, "power"]),
            "API_WrongNumberOfArgs",
        ),
        (
            "EventConfirmSubscription",
            strings(&["a/b/c", "x", "change"]),
            "API_DeviceNotFound",
        ),
        ("AddObjPolling", Value::Void, "API_CommandNotFound"),
        ("Kill", Value::Void, "API_CommandNotAllowed"),
    ] {
        let refused = admin.command(command, argument).await;
        assert_eq!(reason(refused), expected, "{command}");
    }
    served.device.ping().await.expect("it runs on");
}

#[tokio::test]
async fn a_server_that_may_be_killed_stops_cleanly() {
    let server = DeviceServer::new("everything/test")
        .with_device(DEVICE, Arc::new(Everything::default()))
        .with_remote_kill();
    let server = server.start().await.expect("starts");
    let ports = [
        server.address(),
        server.heartbeat_address(),
        server.event_address(),
    ];
    let admin = open_admin(&server).await;
    let killed = server.killed();
    let reply = admin.command("Kill", Value::Void).await;
    assert_eq!(reply.expect("the reply comes"), Value::Void);
    timeout(SOON, killed).await.expect("in time");
    for port in ports {
        std::net::TcpListener::bind(port).unwrap_or_else(|error| panic!("{port}: {error}"));
    }
    server.shutdown().await.expect("has stopped already");
}

#[tokio::test]
async fn a_killed_server_is_taken_out_of_the_database() {
    let database = Database::new().start().await.expect("starts");
    let server = DeviceServer::new("everything/test")
        .with_device(DEVICE, Arc::new(Everything::default()))
        .with_database(database.tango_host())
        .with_remote_kill();
    let server = server.start().await.expect("starts");
    let client = Client::new()
        .with_timeout(SOON)
        .with_tango_host(database.tango_host());
    let admin = client.device("dserver/everything/test").await;
    let reply = admin.expect("found").command("Kill", Value::Void).await;
    reply.expect("the reply comes");
    timeout(SOON, server.killed()).await.expect("in time");
    let known = client.device("sys/database/2").await.expect("found");
    let exported = known.command("DbGetDeviceExportedList", Value::String("test/*".into()));
    assert_eq!(exported.await.expect("told"), strings(&[]));
}

/// Panics when it is put back to where it started.
#[derive(Debug)]
struct Fragile;

impl Servant for Fragile {
    fn class(&self) -> String {
        "Fragile".to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        Vec::new()
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
        Box::pin(std::future::ready(Ok(argument)))
    }

    fn read<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        Box::pin(std::future::ready(Ok(Value::Void.into())))
    }

    fn init(&self) -> BoxFuture<'_, Result<(), DevFailed>> {
        panic!("as asked")
    }
}

#[tokio::test]
async fn a_device_that_panics_does_not_spare_the_others_a_restart() {
    let sound = Arc::new(Everything::default());
    let server = DeviceServer::new("everything/test")
        .with_device("test/fragile/1", Arc::new(Fragile))
        .with_device(DEVICE, sound.clone());
    let server = server.start().await.expect("starts");
    let admin = open_admin(&server).await;
    let outcome = admin.command("RestartServer", Value::Void).await;
    assert_eq!(reason(outcome), "SERVANT_Panicked");
    assert_eq!(sound.inits.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_server_says_where_it_listens_and_that_is_the_loopback_address() {
    let served = serve().await;
    let server = &served.server;
    assert_eq!(server.name(), "everything/test");
    let ports = [server.heartbeat_address(), server.event_address()];
    assert_eq!(event_ports(server).await, ports);
    let words = server.to_string();
    assert!(words.contains("everything/test"), "{words}");
    for port in [server.address(), ports[0], ports[1]] {
        assert!(port.ip().is_loopback(), "{port}");
        assert!(words.contains(&port.to_string()), "{words}");
    }
}
