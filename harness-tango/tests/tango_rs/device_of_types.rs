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

/// The types that travel as a command's argument and come back as its reply, both through cppTango.
pub(crate) const ECHOED: [(&str, DataType); 10] = [
    ("EchoBoolean", DataType::Boolean),
    ("EchoShort", DataType::Short),
    ("EchoLong", DataType::Long),
    ("EchoLong64", DataType::Long64),
    ("EchoFloat", DataType::Float),
    ("EchoDouble", DataType::Double),
    ("EchoUShort", DataType::UShort),
    ("EchoULong", DataType::ULong),
    ("EchoULong64", DataType::ULong64),
    ("EchoString", DataType::String),
];

/// Those that go through tango-wire.
pub(crate) const ECHOED_BY_WIRE: [(&str, DataType); 7] = [
    ("EchoUChar", DataType::UChar),
    ("EchoState", DataType::State),
    ("EchoDoubles", DataType::VarDoubleArray),
    ("EchoBooleans", DataType::VarBooleanArray),
    ("EchoStrings", DataType::VarStringArray),
    ("EchoLongStrings", DataType::VarLongStringArray),
    ("EchoEncoded", DataType::Encoded),
];

/// The replies that come through cppTango, of types that no argument there can have: by a command
/// without an argument the first, by one with the text `empty` the second.
pub(crate) fn given() -> [(&'static str, Value, Value); 4] {
    let texts = || vec![String::new(), "nö".to_owned()];
    [
        (
            "State",
            Value::State(DevState::Fault),
            Value::State(DevState::On),
        ),
        ("Strings", Value::Strings(texts()), Value::Strings(vec![])),
        (
            "LongStrings",
            Value::LongStrings(vec![-1, 2, i32::MAX], texts()),
            Value::LongStrings(vec![], vec![]),
        ),
        (
            "DoubleStrings",
            Value::DoubleStrings(vec![5e-324], texts()),
            Value::DoubleStrings(vec![], vec![]),
        ),
    ]
}

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
            .chain(&ECHOED_BY_WIRE)
            .map(|(name, data_type)| CommandInfo::new(*name, *data_type, *data_type))
            .collect();
        for (name, value, _) in given() {
            let reply = value.data_type();
            commands.push(CommandInfo::new(
                format!("Give{name}"),
                DataType::Void,
                reply,
            ));
            commands.push(CommandInfo::new(
                format!("Tell{name}"),
                DataType::String,
                reply,
            ));
        }
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
            for (given, full, empty) in given() {
                match name.strip_suffix(given) {
                    Some("Give") => return Ok(full),
                    Some("Tell") if argument == Value::String("empty".into()) => return Ok(empty),
                    Some("Tell") => return Ok(full),
                    _ => {}
                }
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
