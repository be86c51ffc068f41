//! A device with numbers, texts and a way to be slow, which a subarray has not: `level` and `note` to be
//! written, `Twice`, `Dawdle` for as many seconds as it is told, and `Fail`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use harness_core::{DeviceError, InMemoryDevice, device::StackFrame};
use tango_wire::server::{
    BoxFuture, DeviceServer, ReadingToServe, RunningServer, Serialization, Servant,
};
use tango_wire::types::{
    AttributeConfig, CommandInfo, DataType, DevFailed, DevState, Value as Sent,
};

const NAME: &str = "test/instrument/1";

/// How long its clients wait.
pub(crate) const PATIENCE: Duration = Duration::from_secs(1);

pub(crate) fn in_process() -> InMemoryDevice {
    InMemoryDevice::new(NAME)
        .with_attribute("level", 0.0)
        .with_attribute("note", "")
        .with_command("Twice", |_, number| {
            Ok((2.0 * number.as_float().unwrap_or_default()).into())
        })
        .with_async_command("Dawdle", |_, seconds| async move {
            dawdle(seconds.as_float().unwrap_or_default()).await;
            Ok(seconds)
        })
        .with_command("Fail", |_, _| {
            let error = DeviceError::refused(NAME, "Fail");
            Err(error.with_frame(StackFrame::new("Instrument_Failed", "as told")))
        })
}

/// A server of it, and where it is.
pub(crate) async fn served() -> (RunningServer, String) {
    let server = DeviceServer::new("instrument/1")
        .with_serialization(Serialization::None)
        .with_device(NAME, Arc::new(Instrument::default()));
    let server = server.start().await.unwrap();
    let url = server.device_url(NAME).unwrap();
    (server, url)
}

async fn dawdle(seconds: f64) {
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
}

#[derive(Default)]
struct Instrument {
    held: Mutex<(f64, String)>,
}

impl Servant for Instrument {
    fn class(&self) -> String {
        "Instrument".into()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        vec![
            CommandInfo::new("Twice", DataType::Double, DataType::Double),
            CommandInfo::new("Dawdle", DataType::Double, DataType::Double),
            CommandInfo::new("Fail", DataType::Void, DataType::Void),
        ]
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        vec![
            AttributeConfig::new("level", DataType::Double).read_write(),
            AttributeConfig::new("note", DataType::String).read_write(),
        ]
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn command<'a>(
        &'a self,
        name: &'a str,
        argument: Sent,
    ) -> BoxFuture<'a, Result<Sent, DevFailed>> {
        Box::pin(async move {
            match (name, argument) {
                ("Twice", Sent::Double(number)) => Ok(Sent::Double(2.0 * number)),
                ("Dawdle", Sent::Double(seconds)) => {
                    dawdle(seconds).await;
                    Ok(Sent::Double(seconds))
                }
                _ => Err(DevFailed::new("Instrument_Failed", "as told", "Fail")),
            }
        })
    }

    fn read<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let value = match name {
            "level" => Sent::Double(held.0),
            _ => Sent::String(held.1.clone()),
        };
        Box::pin(std::future::ready(Ok(ReadingToServe::new(value))))
    }

    fn write<'a>(&'a self, _name: &'a str, value: Sent) -> BoxFuture<'a, Result<(), DevFailed>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match value {
            Sent::Double(level) => held.0 = level,
            Sent::String(note) => held.1 = note,
            other => panic!("{other:?} was written"),
        }
        Box::pin(std::future::ready(Ok(())))
    }
}
