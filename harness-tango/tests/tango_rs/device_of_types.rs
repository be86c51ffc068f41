//! A device with a command and an attribute of each type, and a way to be slow.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use harness_tango::device::{TangoRsConnector, TangoRsDevice};
use tango_wire::Client;
use tango_wire::server::{
    BoxFuture, DeviceServer, ReadingToServe, RunningServer, Serialization, Servant,
};
use tango_wire::types::{
    AttributeConfig, CommandInfo, DataType, DevFailed, DevState, Quality, Value,
};

pub(crate) const NAME: &str = "test/types/1";

/// How long the command `Dawdle` takes: longer than the clients of these tests wait.
pub(crate) const DAWDLING: Duration = Duration::from_secs(4);

/// The types that travel as a command's argument and come back as its reply.
pub(crate) const ECHOED: [(&str, DataType); 13] = [
    ("EchoBoolean", DataType::Boolean),
    ("EchoLong", DataType::Long),
    ("EchoLong64", DataType::Long64),
    ("EchoDouble", DataType::Double),
    ("EchoUShort", DataType::UShort),
    ("EchoUChar", DataType::UChar),
    ("EchoString", DataType::String),
    ("EchoState", DataType::State),
    ("EchoDoubles", DataType::VarDoubleArray),
    ("EchoBooleans", DataType::VarBooleanArray),
    ("EchoStrings", DataType::VarStringArray),
    ("EchoLongStrings", DataType::VarLongStringArray),
    ("EchoEncoded", DataType::Encoded),
];

/// Holds what is written to it; what was not yet is read as invalid.
#[derive(Default)]
pub(crate) struct DeviceOfTypes {
    held: Mutex<HashMap<String, Value>>,
}

impl Servant for DeviceOfTypes {
    fn class(&self) -> String {
        "DeviceOfTypes".into()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        let mut commands: Vec<_> = ECHOED
            .iter()
            .map(|(name, data_type)| CommandInfo::new(*name, *data_type, *data_type))
            .collect();
        commands.push(CommandInfo::new("Dawdle", DataType::Void, DataType::Void));
        commands.push(CommandInfo::new("Fail", DataType::Void, DataType::Void));
        commands
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        let of = |name: &str, data_type| AttributeConfig::new(name, data_type).read_write();
        vec![
            of("boolean", DataType::Boolean),
            of("short", DataType::Short),
            of("ulong64", DataType::ULong64),
            of("uchar", DataType::UChar),
            of("float", DataType::Float),
            of("double", DataType::Double),
            of("text", DataType::String),
            of("colour", DataType::Enum).with_enum_labels(["RED", "GREEN"]),
            of("row", DataType::Double).spectrum(8),
            of("words", DataType::String).spectrum(8),
            of("map", DataType::Long).image(8, 8),
            of("encoded", DataType::Encoded),
        ]
    }

    fn state(&self) -> DevState {
        DevState::Standby
    }

    fn command<'a>(
        &'a self,
        name: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DevFailed>> {
        Box::pin(async move {
            match name {
                "Dawdle" => tokio::time::sleep(DAWDLING).await,
                "Fail" => return Err(DevFailed::new("Types_Failed", "as told", "Fail")),
                _ => {}
            }
            Ok(argument)
        })
    }

    fn read<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let reading = match held.get(name) {
            Some(value) => ReadingToServe::new(value.clone()),
            None => {
                let mut nothing = ReadingToServe::new(Value::Void);
                nothing.quality = Quality::Invalid;
                nothing
            }
        };
        let reading = match name {
            "map" => ReadingToServe {
                columns: Some(2),
                ..reading
            },
            _ => reading,
        };
        Box::pin(std::future::ready(Ok(reading)))
    }

    fn write<'a>(&'a self, name: &'a str, value: Value) -> BoxFuture<'a, Result<(), DevFailed>> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.insert(name.to_owned(), value);
        Box::pin(std::future::ready(Ok(())))
    }

    fn write_image<'a>(
        &'a self,
        name: &'a str,
        value: Value,
        _columns: u32,
    ) -> BoxFuture<'a, Result<(), DevFailed>> {
        self.write(name, value)
    }
}

/// A server, whose calls do not wait for each other.
pub(crate) fn server() -> DeviceServer {
    DeviceServer::new("types/1")
        .with_serialization(Serialization::None)
        .with_device(NAME, Arc::new(DeviceOfTypes::default()))
}

/// The device through cppTango, with a client that waits for a second.
pub(crate) async fn device(server: &RunningServer) -> TangoRsDevice {
    let client = Client::new().with_timeout(Duration::from_secs(1));
    let url = server.device_url(NAME).unwrap();
    TangoRsConnector::new(client).device(&url).await.unwrap()
}
