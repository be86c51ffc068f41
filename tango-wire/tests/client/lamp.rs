//! A small device, served by this crate.

use std::future::ready;
use std::sync::{Arc, Mutex};

use tango_wire::server::{BoxFuture, DeviceServer, ReadingToServe, RunningServer, Servant};
use tango_wire::types::{AttributeConfig, CommandInfo, DataType, DevFailed, DevState, Value};

pub(crate) const LAMP: &str = "house/lamp/1";

/// Keeps the brightness that is written to it, and halves it.
#[derive(Default)]
pub(crate) struct Lamp {
    brightness: Mutex<f64>,
}

impl Servant for Lamp {
    fn class(&self) -> String {
        "Lamp".to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        vec![CommandInfo::new(
            "Greet",
            DataType::String,
            DataType::String,
        )]
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        vec![AttributeConfig::new("brightness", DataType::Double).read_write()]
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn command<'a>(&'a self, _: &'a str, name: Value) -> BoxFuture<'a, Result<Value, DevFailed>> {
        Box::pin(ready(Ok(name)))
    }

    fn read<'a>(&'a self, _: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        let brightness = *self.brightness.lock().unwrap();
        let reading = ReadingToServe::new(Value::Double(brightness / 2.0));
        Box::pin(ready(Ok(reading.with_set_point(Value::Double(brightness)))))
    }

    fn write<'a>(&'a self, _: &'a str, value: Value) -> BoxFuture<'a, Result<(), DevFailed>> {
        if let Value::Double(brightness) = value {
            *self.brightness.lock().unwrap() = brightness;
        }
        Box::pin(ready(Ok(())))
    }
}

/// Serves it at an address, with a database or without.
pub(crate) async fn serve(address: &str, database: Option<String>) -> RunningServer {
    DeviceServer::new("lamps/1")
        .with_device(LAMP, Arc::new(Lamp::default()))
        .bind(address)
        .with_database(database)
        .start()
        .await
        .unwrap()
}
