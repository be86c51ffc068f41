//! The client against the crate's own server and database, over loopback.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tango_wire::database::{Database, RunningDatabase};
use tango_wire::server::{BoxFuture, DeviceServer, ReadingToServe, RunningServer, Servant};
use tango_wire::types::{AttributeWrite, WriteMode};
use tango_wire::{
    AttributeConfig, Client, CommandInfo, DataType, DevFailed, DevState, Error, EventNotice,
    Quality, Value,
};
use tokio::sync::mpsc;

const DEVICE: &str = "low-tmc/subarray/01";
const LABELS: [&str; 3] = ["EMPTY", "RESOURCING", "IDLE"];

/// A device with something of everything.
struct Subarray {
    obs_state: Mutex<i16>,
    power: Mutex<f64>,
}

impl Subarray {
    fn new(obs_state: i16) -> Arc<Subarray> {
        Arc::new(Subarray {
            obs_state: Mutex::new(obs_state),
            power: Mutex::new(1.5),
        })
    }
}

impl Servant for Subarray {
    fn class(&self) -> String {
        "Subarray".to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        vec![
            CommandInfo::new(
                "AssignResources",
                DataType::String,
                DataType::VarLongStringArray,
            ),
            CommandInfo::new("Fail", DataType::Void, DataType::Void),
        ]
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        vec![
            AttributeConfig::new("obsState", DataType::Enum).with_enum_labels(LABELS),
            AttributeConfig::new("power", DataType::Double).read_write(),
        ]
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn command<'a>(
        &'a self,
        name: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DevFailed>> {
        Box::pin(async move {
            match (name, argument) {
                ("AssignResources", Value::String(text)) => {
                    Ok(Value::LongStrings(vec![2], vec![text]))
                }
                _ => Err(DevFailed::new(
                    "SKA_NotNow",
                    "not in this state",
                    "Subarray",
                )),
            }
        })
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        Box::pin(async move {
            Ok(match attribute {
                "obsState" => Value::Short(*self.obs_state.lock().unwrap()).into(),
                _ => {
                    let power = Value::Double(*self.power.lock().unwrap());
                    ReadingToServe::new(power.clone()).with_set_point(power)
                }
            })
        })
    }

    fn write<'a>(&'a self, _: &'a str, value: Value) -> BoxFuture<'a, Result<(), DevFailed>> {
        Box::pin(async move {
            if let Value::Double(power) = value.into_scalar() {
                *self.power.lock().unwrap() = power;
            }
            Ok(())
        })
    }
}

async fn serve(database: Option<&RunningDatabase>, servant: Arc<Subarray>) -> RunningServer {
    let server = DeviceServer::new("subarray/01").with_device(DEVICE, servant);
    server
        .with_database(database.map(RunningDatabase::tango_host))
        .start()
        .await
        .unwrap()
}

#[tokio::test]
async fn a_device_without_a_database_is_called_in_every_way() {
    let server = serve(None, Subarray::new(0)).await;
    let device = Client::new()
        .device(&server.device_url(DEVICE).unwrap())
        .await
        .unwrap();
    assert_eq!(device.name(), DEVICE);
    device.ping().await.unwrap();
    assert_eq!(device.state().await.unwrap(), DevState::On);
    assert!(device.status().await.unwrap().contains("ON"));
    let info = device.info().await.unwrap();
    assert_eq!((info.class.as_str(), info.version), ("Subarray", 6));

    let commands = device.commands().await.unwrap();
    let assign = device.command_info("assignresources").await.unwrap();
    assert_eq!(assign.output, DataType::VarLongStringArray);
    assert!(commands.contains(&assign), "{commands:?}");
    let reply = device
        .command("AssignResources", Value::String("{}".into()))
        .await
        .unwrap();
    assert_eq!(reply, Value::LongStrings(vec![2], vec!["{}".to_owned()]));

    let config = device.attribute_config("obsState").await.unwrap();
    assert_eq!(
        (config.data_type, config.writable),
        (DataType::Enum, WriteMode::Read)
    );
    assert_eq!(config.enum_labels, LABELS);
    assert_eq!(device.attribute_configs(&[]).await.unwrap().len(), 4);

    device.write("power", Value::Double(2.5)).await.unwrap();
    let reading = device.read("power").await.unwrap();
    assert_eq!(
        (reading.value, reading.set_point),
        (Value::Double(2.5), Some(Value::Double(2.5)))
    );
    let readings = device.read_many(&["obsState", "nothing"]).await.unwrap();
    assert_eq!(readings[0].as_ref().unwrap().value, Value::Short(0));
    assert_eq!(readings[0].as_ref().unwrap().data_type, DataType::Enum);
    assert_eq!(
        readings[1].as_ref().unwrap_err().reason(),
        "API_AttrNotFound"
    );
}

#[tokio::test]
async fn refusals_come_with_the_devices_words() {
    let server = serve(None, Subarray::new(0)).await;
    let device = Client::new()
        .device(&server.device_url(DEVICE).unwrap())
        .await
        .unwrap();
    let error = device.command("Fail", Value::Void).await.unwrap_err();
    assert_eq!(error.dev_failed().unwrap().reason(), "SKA_NotNow");
    let error = device.write("power", Value::Long(2)).await.unwrap_err();
    assert!(matches!(error, Error::DevFailed { .. }), "{error:?}");
    let writes = [
        AttributeWrite::new("power", Value::Double(3.5)),
        AttributeWrite::new("obsState", Value::Short(1)),
    ];
    let error = device.write_many(&writes).await.unwrap_err();
    let Error::MultiDevFailed { failures, .. } = error else {
        panic!("{error:?}");
    };
    assert_eq!(failures.0.len(), 1);
    assert_eq!(
        (failures.0[0].name.as_str(), failures.0[0].index),
        ("obsState", 1)
    );
}

#[tokio::test]
async fn a_device_is_found_through_the_database_and_again_when_its_server_moved() {
    let database = Database::new().start().await.unwrap();
    let client = Client::new().with_tango_host(database.tango_host());
    let error = client.device(DEVICE).await.unwrap_err();
    assert!(matches!(error, Error::NotDefined { .. }), "{error:?}");

    let server = serve(Some(&database), Subarray::new(0)).await;
    let device = client.device("Low-TMC/Subarray/01").await.unwrap();
    assert_eq!(
        device.read("obsState").await.unwrap().value,
        Value::Short(0)
    );

    let before = server.address();
    server.shutdown().await.unwrap();
    let server = serve(Some(&database), Subarray::new(2)).await;
    assert_ne!(server.address(), before);
    assert_eq!(
        device.read("obsState").await.unwrap().value,
        Value::Short(2)
    );
}

#[tokio::test]
async fn a_database_that_is_down_is_stood_in_for() {
    let database = Database::new().start().await.unwrap();
    let _server = serve(Some(&database), Subarray::new(0)).await;
    let free = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let hosts = format!("{free},{}", database.tango_host());
    Client::new()
        .with_tango_host(hosts)
        .device(DEVICE)
        .await
        .unwrap();
    let error = Client::new()
        .with_tango_host(free.to_string())
        .device(DEVICE)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Unreachable { .. }), "{error:?}");
    let error = Client::new()
        .with_tango_host("nonsense")
        .device(DEVICE)
        .await
        .unwrap_err();
    assert!(matches!(error, Error::NotDefined { .. }), "{error:?}");
}

/// Waits for the next notice; a test that hangs tells nothing.
async fn next(notices: &mut mpsc::UnboundedReceiver<EventNotice>) -> EventNotice {
    let notice = tokio::time::timeout(Duration::from_secs(20), notices.recv()).await;
    notice.expect("a notice in time").expect("a handler")
}

#[tokio::test]
async fn events_come_in_order_and_come_back_when_the_server_does() {
    let database = Database::new().start().await.unwrap();
    let servant = Subarray::new(0);
    let server = serve(Some(&database), Arc::clone(&servant)).await;
    let client = Client::new().with_tango_host(database.tango_host());
    let device = client.device(DEVICE).await.unwrap();
    let (sender, mut notices) = mpsc::unbounded_channel();
    let handler = move |notice| sender.send(notice).unwrap();
    let subscription = device.subscribe("obsState", handler).await.unwrap();
    let notice = next(&mut notices).await;
    assert!(matches!(notice, EventNotice::Initial(reading) if reading.value == Value::Short(0)));

    for value in [1, 2, 1] {
        let value = Value::Short(value);
        let events = server.events();
        events
            .push_change(DEVICE, "obsState", value, Quality::Valid, SystemTime::now())
            .unwrap();
    }
    for value in [1, 2, 1] {
        let notice = next(&mut notices).await;
        let expected = Value::Short(value);
        assert!(matches!(&notice, EventNotice::Event(reading) if reading.value == expected));
    }

    server.shutdown().await.unwrap();
    assert!(matches!(next(&mut notices).await, EventNotice::Lost { .. }));
    let server = serve(Some(&database), Subarray::new(2)).await;
    assert!(matches!(
        next(&mut notices).await,
        EventNotice::Gap { missed: None, .. }
    ));
    let notice = next(&mut notices).await;
    assert!(matches!(notice, EventNotice::Back(reading) if reading.value == Value::Short(2)));

    drop(subscription);
    assert!(
        notices.recv().await.is_none(),
        "the handler is gone with the subscription"
    );
    server.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_subscription_that_can_not_be_made_says_why() {
    let server = serve(None, Subarray::new(0)).await;
    let device = Client::new()
        .device(&server.device_url(DEVICE).unwrap())
        .await
        .unwrap();
    let error = device.subscribe("nothing", |_| ()).await.unwrap_err();
    assert_eq!(error.dev_failed().unwrap().reason(), "API_AttrNotFound");
}
