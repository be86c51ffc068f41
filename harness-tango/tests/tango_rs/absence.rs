//! Devices that are not there, or no longer, and names that are none.

use std::sync::Arc;
use std::time::{Duration, Instant};

use harness_core::device::DeviceErrorKind;
use harness_core::journal::EntryKind;
use harness_core::{Device, Tracer};
use harness_tango::device::{TangoRsConnector, TangoRsDevice};
use harness_tango::telescope::{Telescope, TelescopeConfig};
use tango_wire::Client;
use tango_wire::server::{BoxFuture, DeviceServer, ReadingToServe, Servant};
use tango_wire::types::{AttributeConfig, CommandInfo, DataType, DevFailed, DevState, Value};

use crate::device_of_types::{NAME, device, server};

#[tokio::test]
async fn a_name_that_is_none_is_refused_before_anything_sees_it() {
    let connector = TangoRsConnector::new(Client::new().with_tango_host("127.0.0.1:1"));
    for name in [
        "",
        "a/b",
        "a\0/b/c",
        "tango://127.0.0.1:1/a\0/b/c#dbase=no",
        "a b/c/d",
    ] {
        let error = connector.device(name).await.unwrap_err();
        assert_eq!(error.kind, DeviceErrorKind::Unreachable, "{error}");
        assert!(error.to_string().contains("address of a device"), "{error}");
    }
}

async fn back(device: &TangoRsDevice) {
    let back = async {
        while device.read("State").await.is_err() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), back)
        .await
        .expect("it is used again");
}

#[tokio::test]
async fn a_server_that_goes_away_is_unreachable_and_used_again_when_it_is_back() {
    let first = server().start().await.unwrap();
    let address = first.address().to_string();
    let device = device(&first).await;
    device.read("State").await.unwrap();
    first.shutdown().await.unwrap();
    let began = Instant::now();
    let error = device.read("State").await.unwrap_err();
    assert_eq!(error.kind, DeviceErrorKind::Unreachable, "{error}");
    let words = "can not be reached for read State: Failed to connect to device test/types/1";
    assert!(error.to_string().contains(words), "{error}");
    assert!(began.elapsed() < Duration::from_secs(5));
    let _second = server().bind(address).start().await.unwrap();
    back(&device).await;
}

/// Its `double` is a text, and its `EchoLong` takes and gives one.
struct Changed;

impl Servant for Changed {
    fn class(&self) -> String {
        "Changed".into()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        vec![CommandInfo::new(
            "EchoLong",
            DataType::String,
            DataType::String,
        )]
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        vec![AttributeConfig::new("double", DataType::String).read_write()]
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn command<'a>(
        &'a self,
        _name: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DevFailed>> {
        Box::pin(std::future::ready(Ok(argument)))
    }

    fn read<'a>(&'a self, _name: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        let text = Value::String("changed".into());
        Box::pin(std::future::ready(Ok(ReadingToServe::new(text))))
    }

    fn write<'a>(&'a self, _name: &'a str, value: Value) -> BoxFuture<'a, Result<(), DevFailed>> {
        let is_text = matches!(value, Value::String(_));
        let refused = || DevFailed::new("Types_Failed", "no text", "write");
        Box::pin(std::future::ready(
            is_text.then_some(()).ok_or_else(refused),
        ))
    }
}

#[tokio::test]
async fn types_are_asked_for_again_after_a_device_was_gone() {
    let first = server().start().await.unwrap();
    let address = first.address().to_string();
    let device = device(&first).await;
    device.write("double", 1.5.into()).await.unwrap();
    device.command("EchoLong", 1.into()).await.unwrap();
    first.shutdown().await.unwrap();
    let error = device.read("double").await.unwrap_err();
    assert_eq!(error.kind, DeviceErrorKind::Unreachable, "{error}");

    let changed = DeviceServer::new("types/1").with_device(NAME, Arc::new(Changed));
    let _second = changed.bind(address).start().await.unwrap();
    back(&device).await;
    device.write("double", "a text now".into()).await.unwrap();
    let echoed = device.command("EchoLong", "a text too".into()).await;
    assert_eq!(echoed.unwrap(), "a text too".into());
}

#[tokio::test]
async fn the_journal_tells_which_way_calls_go() {
    let server = server().start().await.unwrap();
    let url = server.device_url(NAME).unwrap();
    let config = TelescopeConfig::new("types").with_subarray_template(url);
    let connector = TangoRsConnector::for_telescope(&config).await.unwrap();
    let tracer = Tracer::default();
    let beginning = tracer.journal().mark();
    let _telescope = Telescope::connect_with(config, &connector, &tracer)
        .await
        .unwrap();
    let entries = tracer.journal().since(&beginning);
    let told = entries.iter().any(|entry| {
        matches!(&*entry.kind, EntryKind::Note { text } if text.contains("tango-rs (cppTango)"))
    });
    assert!(told, "{entries:?}");
}

#[tokio::test]
async fn a_device_that_is_dropped_in_mid_call_is_gone_cleanly() {
    let server = server().start().await.unwrap();
    for _ in 0..20 {
        let device = device(&server).await;
        let dawdling = device.command("Dawdle", harness_core::Value::Void);
        let soon = tokio::time::timeout(Duration::from_millis(5), dawdling).await;
        assert!(soon.is_err());
        drop(device);
    }
    let another = device(&server).await;
    assert!(another.read("State").await.is_ok());
}
