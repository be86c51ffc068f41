//! Devices that are not there, or no longer, and names that are none.

use std::time::{Duration, Instant};

use harness_core::device::DeviceErrorKind;
use harness_core::journal::EntryKind;
use harness_core::{Device, Tracer};
use harness_tango::device::TangoRsConnector;
use harness_tango::telescope::{Telescope, TelescopeConfig};
use tango_wire::Client;

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
