//! What else devices are asked: the black box, configurations, writing and reading in one.

use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use tango_wire::client::Client;
use tango_wire::giop::{Request, write_user_exception};
use tango_wire::types::{
    AttributeReading, AttributeValue, AttributeVersion, AttributeWrite, ClientIdentity, DevFailed,
    MultiDevFailed, NamedFailure,
};
use tango_wire::{AttributeConfig, DataType, Error, Value};

use crate::lamp::{LAMP, serve};
use crate::peer::{Peer, done};

#[tokio::test]
async fn the_black_box_is_read() {
    let lines = ["26/11/2026 09:54:46:02 : Operation ping requested from localhost"; 2];
    let peer = Peer::start(6, move |request| {
        assert_eq!(request.operation, "black_box");
        let count = request.body.clone().i32().unwrap();
        let count = usize::try_from(count).unwrap().min(lines.len());
        Some(done(request, |body| body.strings(&lines[..count])))
    });
    let peer = peer.await;
    let device = peer.device().await;
    assert_eq!(device.black_box(1).await.unwrap(), lines[..1]);
    assert_eq!(device.black_box(u32::MAX).await.unwrap(), lines);
}

#[tokio::test]
async fn the_description_is_read() {
    let server = serve("127.0.0.1:0", None).await;
    let url = server.device_url(LAMP).unwrap();
    let device = Client::new().device(&url).await.unwrap();
    assert!(!device.description().await.unwrap().is_empty());
}

#[tokio::test]
async fn configurations_are_written_in_the_devices_own_layout() {
    let mut power = AttributeConfig::new("power", DataType::Double).read_write();
    power.unit = "W".to_owned();
    power.alarm.maximum_alarm = "5".to_owned();
    let mut labelled = AttributeConfig::new("obsState", DataType::Enum);
    labelled.enum_labels = vec!["EMPTY".to_owned(), "IDLE".to_owned()];
    let configs = [power, labelled];
    for (version, operation) in [
        (4, "set_attribute_config_4"),
        (5, "set_attribute_config_5"),
        (6, "set_attribute_config_5"),
    ] {
        let written = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&written);
        let peer = Peer::start(version, move |request| {
            let mut body = request.body.clone();
            let read = match version {
                4 => AttributeConfig::read_3,
                _ => AttributeConfig::read,
            };
            *seen.lock().unwrap() = body.sequence(100, read).unwrap();
            let identity = ClientIdentity::read(&mut body).unwrap();
            assert_eq!(
                matches!(identity, ClientIdentity::Cpp6 { .. }),
                version == 6
            );
            assert_eq!(body.remaining(), 0);
            Some(done(request, |_| ()))
        });
        let peer = peer.await;
        let device = peer.device().await;
        device.set_attribute_configs(&configs).await.unwrap();
        assert_eq!(peer.requests(), [operation]);
        let mut expected = configs.clone();
        if version == 4 {
            for config in &mut expected {
                config.root_attribute = String::new();
                config.enum_labels = Vec::new();
            }
        }
        assert_eq!(*written.lock().unwrap(), expected, "IDL {version}");
    }
}

#[tokio::test]
async fn a_value_is_written_and_read_back_in_one_call() {
    let server = serve("127.0.0.1:0", None).await;
    let url = server.device_url(LAMP).unwrap();
    let device = Client::new().device(&url).await.unwrap();
    let reading = device
        .write_read("Brightness", Value::Double(8.0))
        .await
        .unwrap();
    assert_eq!(reading.value, Value::Double(4.0));
    assert_eq!(reading.set_point, Some(Value::Double(8.0)));
    let error = device.write_read("brightness", Value::Long(1)).await;
    assert!(
        matches!(error, Err(Error::DevFailed { .. })),
        "one attribute, one stack: {error:?}"
    );
}

#[tokio::test]
async fn writing_and_reading_follows_the_devices_version() {
    for (version, operation) in [
        (4, "write_read_attributes_4"),
        (5, "write_read_attributes_5"),
        (6, "write_read_attributes_5"),
    ] {
        let peer = Peer::start(version, move |request| Some(answer(request, version))).await;
        let device = peer.device().await;
        let reading = device.write_read("power", Value::Double(1.5)).await;
        assert_eq!(reading.unwrap().value, Value::Double(3.0));
        let error = device.write_read("broken", Value::Double(1.5)).await;
        let error = error.unwrap_err();
        assert_eq!(error.dev_failed().unwrap().reason(), "API_AttrNotWritable");
        assert!(matches!(error, Error::DevFailed { .. }), "{error:?}");
        assert_eq!(peer.requests(), [operation; 2]);
    }
}

/// Refuses "broken", and answers with the double of what is written to others.
fn answer(request: &Request<'_>, version: i32) -> Vec<u8> {
    let mut body = request.body.clone();
    let writes = body.sequence(52, AttributeWrite::read).unwrap();
    let [write] = writes.as_slice() else {
        panic!("{writes:?}");
    };
    if version > 4 {
        assert_eq!(body.strings().unwrap(), [write.name.as_str()]);
    }
    ClientIdentity::read(&mut body).unwrap();
    assert_eq!(body.remaining(), 0);
    if write.name == "broken" {
        let failed = NamedFailure {
            name: write.name.clone(),
            index: 0,
            failure: DevFailed::new("API_AttrNotWritable", "no", "here"),
        };
        let (version, id) = (request.version, request.id);
        let answer = write_user_exception(version, id, MultiDevFailed::ID, |body| {
            MultiDevFailed(vec![failed]).write(body);
        });
        return answer.unwrap();
    }
    let Value::Double(written) = write.value.clone().into_scalar() else {
        panic!("{write:?}");
    };
    let value = Value::Double(2.0 * written);
    let reading = AttributeReading::new(write.name.as_str(), value, SystemTime::now());
    let value = AttributeValue {
        name: write.name.clone(),
        outcome: Ok(reading),
    };
    let layout = match version {
        4 => AttributeVersion::Four,
        _ => AttributeVersion::Five,
    };
    done(request, |body| {
        body.sequence(&[value], |body, value| value.write(body, layout));
    })
}

#[tokio::test]
async fn an_attribute_named_twice_is_asked_for_once() {
    let peer = Peer::start(6, |request| {
        let names = request.body.clone().strings().unwrap();
        assert_eq!(names, ["power", "level"], "cppTango hangs on a name twice");
        let value = |(number, name): (usize, String)| AttributeValue {
            name: name.clone(),
            outcome: Ok(AttributeReading::new(
                name,
                Value::Long64(i64::try_from(number).unwrap()),
                SystemTime::now(),
            )),
        };
        let values: Vec<_> = names.into_iter().enumerate().map(value).collect();
        Some(done(request, |body| {
            body.sequence(&values, |body, value| {
                value.write(body, AttributeVersion::Five);
            });
        }))
    });
    let peer = peer.await;
    let device = peer.device().await;
    let names = ["power", "level", "POWER", "level"];
    let outcomes = device.read_many(&names).await.unwrap();
    let values = outcomes.into_iter().map(|outcome| outcome.unwrap().value);
    let expected = [0, 1, 0, 1].map(Value::Long64);
    assert_eq!(values.collect::<Vec<_>>(), expected);
}
