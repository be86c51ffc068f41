//! Every type that commands and attributes have, in every shape: through this crate's own client
//! and server, and from a peer of either byte order.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

use std::collections::HashMap;
use std::future::ready;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tango_wire::any::{read_any, write_any};
use tango_wire::cdr::{ByteOrder, Writer};
use tango_wire::client::Client;
use tango_wire::giop::{Limits, MessageReader, Request};
use tango_wire::server::{BoxFuture, DeviceServer, ReadingToServe, RunningServer, Servant};
use tango_wire::types::{
    AttributeFormat, AttributeValue, AttributeVersion, AttributeWrite, ClientIdentity, Source,
};
use tango_wire::{
    AttributeConfig, AttributeReading, CommandInfo, DataType, DevFailed, DevState, DeviceProxy,
    Value,
};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

const DEVICE: &str = "test/types/1";

/// One value of each type that a command takes and gives.
fn arguments() -> Vec<Value> {
    let text = "caf\u{e9}".to_owned();
    let texts = vec![text.clone(), String::new(), " ".to_owned()];
    let mut arguments = vec![
        Value::Void,
        Value::LongStrings(vec![i32::MIN, 7], texts.clone()),
        Value::DoubleStrings(vec![f64::MIN, 0.5], texts.clone()),
    ];
    for items in arrays() {
        arguments.push(items.clone().into_scalar());
        arguments.push(items);
    }
    arguments.push(encoded("json", b"{}"));
    arguments
}

/// Six items of each type of which there are arrays.
fn arrays() -> Vec<Value> {
    let texts = ["caf\u{e9}", "", " ", "d", "e", "f"].map(str::to_owned);
    vec![
        Value::Bools(vec![true, false, true, true, false, false]),
        Value::Shorts(vec![i16::MIN, -1, 0, 1, 2, i16::MAX]),
        Value::Longs(vec![i32::MIN, -1, 0, 1, 2, i32::MAX]),
        Value::Longs64(vec![i64::MIN, -1, 0, 1, 2, i64::MAX]),
        Value::Floats(vec![f32::MIN, -1.5, 0.0, f32::INFINITY, 2.5, f32::MAX]),
        Value::Doubles(vec![f64::MIN, -1.5, 0.0, f64::INFINITY, 2.5, f64::MAX]),
        Value::Chars(vec![200, 0, 1, 2, 127, 255]),
        Value::UShorts(vec![60_000, 1, 2, 3, 4, u16::MAX]),
        Value::ULongs(vec![4_000_000_000, 1, 2, 3, 4, u32::MAX]),
        Value::ULongs64(vec![1 << 63, 1, 2, 3, 4, u64::MAX]),
        Value::Strings(texts.to_vec()),
        Value::States(vec![
            DevState::Fault,
            DevState::On,
            DevState::Off,
            DevState::Unknown,
            DevState::Alarm,
            DevState::Init,
        ]),
    ]
}

fn encoded(format: &str, data: &[u8]) -> Value {
    Value::Encoded {
        format: format.to_owned(),
        data: data.to_vec(),
    }
}

/// An attribute with what is read of it and what is written to it: another value of another
/// shape, where the format has shapes.
#[derive(Clone)]
struct Case {
    config: AttributeConfig,
    value: Value,
    columns: u32,
    set_point: Value,
    set_point_columns: u32,
}

impl Case {
    /// What a client is to be told.
    fn reading(&self) -> AttributeReading {
        let time = UNIX_EPOCH + Duration::new(1_700_000_000, 123_000);
        let mut reading = AttributeReading::new(&*self.config.name, self.value.clone(), time);
        reading.format = self.config.format;
        reading.data_type = self.config.data_type;
        reading.set_point = Some(self.set_point.clone());
        let count = |value: &Value| u32::try_from(value.item_count().unwrap_or(1)).unwrap();
        let dimension = |value, columns| match self.config.format {
            AttributeFormat::Image => (columns, count(value) / columns),
            _ => (count(value), 0),
        };
        reading.dimension = dimension(&self.value, self.columns);
        reading.set_point_dimension = dimension(&self.set_point, self.set_point_columns);
        reading
    }

    fn write(&self) -> AttributeWrite {
        let write = AttributeWrite::new(&*self.config.name, self.set_point.clone());
        match self.config.format {
            AttributeFormat::Image => write.with_columns(self.set_point_columns),
            _ => write,
        }
    }
}

fn take(value: &Value, count: usize) -> Value {
    macro_rules! take {
        ($($array:ident)*) => {
            match value {
                $(Value::$array(items) => Value::$array(items.iter().take(count).cloned().collect()),)*
                other => other.clone(),
            }
        };
    }
    take!(Bools Shorts Longs Longs64 Floats Doubles Chars UShorts ULongs ULongs64 Strings States)
}

/// Every type of element as a scalar, a spectrum and an image.
fn cases() -> Vec<Case> {
    let mut elements: Vec<(DataType, Value)> = arrays()
        .into_iter()
        .map(|items| (items.element_type(), items))
        .collect();
    elements.push((DataType::Enum, Value::Shorts(vec![2, 1, 0, 1, 2, 0])));
    let mut cases = Vec::new();
    for (data_type, items) in elements {
        let config = |format: &str| {
            AttributeConfig::new(format!("{format}{data_type}"), data_type)
                .with_enum_labels(match data_type {
                    DataType::Enum => vec!["EMPTY", "RESOURCING", "IDLE"],
                    _ => vec![],
                })
                .read_write()
        };
        let last = {
            let mut reversed = arrays_reversed(&items);
            reversed = take(&reversed, 1);
            reversed.into_scalar()
        };
        cases.push(Case {
            config: config("Scalar"),
            value: items.clone().into_scalar(),
            columns: 1,
            set_point: last,
            set_point_columns: 1,
        });
        cases.push(Case {
            config: config("Spectrum").spectrum(10),
            value: items.clone(),
            columns: 6,
            set_point: take(&items, 2),
            set_point_columns: 2,
        });
        cases.push(Case {
            config: config("Image").image(10, 10),
            value: items.clone(),
            columns: 3,
            set_point: take(&items, 3),
            set_point_columns: 3,
        });
    }
    cases.push(Case {
        config: AttributeConfig::new("ScalarDevEncoded", DataType::Encoded).read_write(),
        value: encoded("json", b"{}"),
        columns: 1,
        set_point: encoded("raw", &[0, 255]),
        set_point_columns: 1,
    });
    cases
}

fn arrays_reversed(items: &Value) -> Value {
    macro_rules! reverse {
        ($($array:ident)*) => {
            match items {
                $(Value::$array(items) => Value::$array(items.iter().rev().cloned().collect()),)*
                other => other.clone(),
            }
        };
    }
    reverse!(Bools Shorts Longs Longs64 Floats Doubles Chars UShorts ULongs ULongs64 Strings States)
}

/// Echoes commands, and keeps what is written beside what is read.
struct Everything {
    cases: Vec<Case>,
    written: Mutex<HashMap<String, Value>>,
}

impl Servant for Everything {
    fn class(&self) -> String {
        "Everything".to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        let types = arguments().into_iter().map(|value| value.data_type());
        types
            .map(|data_type| CommandInfo::new(format!("Echo{data_type}"), data_type, data_type))
            .collect()
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        let configs = self.cases.iter().map(|case| case.config.clone());
        configs.collect()
    }

    fn state(&self) -> DevState {
        DevState::On
    }

    fn command<'a>(&'a self, _: &'a str, value: Value) -> BoxFuture<'a, Result<Value, DevFailed>> {
        Box::pin(ready(Ok(value)))
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        let mut cases = self.cases.iter();
        let case = cases.find(|case| case.config.name == attribute).unwrap();
        let time = UNIX_EPOCH + Duration::new(1_700_000_000, 123_000);
        let mut reading = ReadingToServe::new(case.value.clone()).with_time(time);
        if case.config.format == AttributeFormat::Image {
            reading = reading.with_columns(case.columns);
        }
        if let Some(written) = self.written.lock().unwrap().get(attribute) {
            reading = reading.with_set_point(written.clone());
        }
        Box::pin(ready(Ok(reading)))
    }

    fn write<'a>(
        &'a self,
        attribute: &'a str,
        value: Value,
    ) -> BoxFuture<'a, Result<(), DevFailed>> {
        let mut written = self.written.lock().unwrap();
        written.insert(attribute.to_owned(), value);
        Box::pin(ready(Ok(())))
    }
}

async fn serve() -> (RunningServer, DeviceProxy) {
    let servant = Everything {
        cases: cases(),
        written: Mutex::default(),
    };
    let server = DeviceServer::new("types/1").with_device(DEVICE, Arc::new(servant));
    let server = server.start().await.unwrap();
    let url = server.device_url(DEVICE).unwrap();
    let device = Client::new().device(&url).await.unwrap();
    (server, device)
}

#[test]
fn nothing_is_left_out() {
    let types: Vec<DataType> = arguments().iter().map(Value::data_type).collect();
    // of the numbers from 0 to 31 that Tango gives types, a command has all but these
    let others = [
        DataType::ConstString,
        DataType::Int,
        DataType::Enum,
        DataType::PipeBlob,
    ];
    for data_type in (0..=31).map(DataType::from) {
        assert_ne!(
            types.contains(&data_type),
            others.contains(&data_type),
            "{data_type}"
        );
    }
    assert_eq!(cases().len(), 13 * 3 + 1);
}

#[tokio::test]
async fn commands_of_every_type_are_run() {
    let (_server, device) = serve().await;
    for argument in arguments() {
        let command = format!("Echo{}", argument.data_type());
        let reply = device.command(&command, argument.clone()).await.unwrap();
        assert_eq!(reply, argument, "{command}");
    }
}

#[tokio::test]
async fn attributes_of_every_type_and_shape_are_written_and_read() {
    let (_server, device) = serve().await;
    for case in cases() {
        let name = case.config.name.as_str();
        let reading = device.read(name).await.unwrap();
        let expected = AttributeReading {
            set_point: None,
            set_point_dimension: (0, 0),
            ..case.reading()
        };
        assert_eq!(reading, expected, "{name}");

        device.write_many(&[case.write()]).await.unwrap();
        let reading = device.read(name).await.unwrap();
        assert_eq!(reading, case.reading(), "{name}");
        let config = device.attribute_config(name).await.unwrap();
        assert_eq!(config, case.config, "{name}");
        if case.config.format != AttributeFormat::Image {
            let value = case.set_point.clone();
            let reading = device.write_read(name, value).await.unwrap();
            assert_eq!(reading, case.reading(), "{name}");
        }
    }
}

/// Answers commands with their argument and reads with the cases, in that byte order.
async fn start_peer(order: ByteOrder, version: i32) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!(
        "tango://{}/{DEVICE}#dbase=no",
        listener.local_addr().unwrap()
    );
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut messages = MessageReader::new(stream, Limits::default());
                while let Ok(Some(message)) = messages.next().await {
                    let octets = answer(&Request::read(&message).unwrap(), order, version);
                    messages.source_mut().write_all(&octets).await.unwrap();
                }
            });
        }
    });
    url
}

fn answer(request: &Request<'_>, order: ByteOrder, version: i32) -> Vec<u8> {
    let mut body = request.body.clone();
    // the head of a GIOP 1.2 reply is 24 octets, so what follows is aligned as it is
    let mut writer = Writer::new(order);
    writer.raw(b"GIOP");
    writer.raw(&[1, 2, order.flag(), 1]);
    for part in [0, request.id, 0, 0] {
        writer.u32(part);
    }
    let layout = match version {
        4 => AttributeVersion::Four,
        _ => AttributeVersion::Five,
    };
    match &*request.operation {
        "_is_a" => {
            let asked = body.string().unwrap();
            writer.bool(asked == format!("IDL:Tango/Device_{version}:1.0"));
        }
        "command_inout_4" => {
            body.string().unwrap();
            write_any(&mut writer, &read_any(&mut body).unwrap());
        }
        "read_attributes_4" | "read_attributes_5" => {
            let names = body.strings().unwrap();
            Source::read(&mut body).unwrap();
            ClientIdentity::read(&mut body).unwrap();
            let cases = cases();
            let values: Vec<AttributeValue> = names
                .into_iter()
                .map(|name| {
                    let mut cases = cases.iter();
                    let case = cases.find(|case| case.config.name == name).unwrap();
                    let outcome = Ok(case.reading());
                    AttributeValue { name, outcome }
                })
                .collect();
            writer.sequence(&values, |writer, value| value.write(writer, layout));
        }
        other => panic!("{other}"),
    }
    let mut octets = writer.finish().unwrap();
    let size = u32::try_from(octets.len() - 12).unwrap();
    octets[8..12].copy_from_slice(&match order {
        ByteOrder::Little => size.to_le_bytes(),
        ByteOrder::Big => size.to_be_bytes(),
    });
    octets
}

#[tokio::test]
async fn replies_of_either_byte_order_and_every_version_are_understood() {
    for order in [ByteOrder::Little, ByteOrder::Big] {
        for version in [4, 5, 6] {
            let url = start_peer(order, version).await;
            let device = Client::new().device(&url).await.unwrap();
            for argument in arguments() {
                let reply = device.command("Echo", argument.clone()).await.unwrap();
                assert_eq!(reply, argument, "{order:?}");
            }
            for case in cases() {
                let name = case.config.name.as_str();
                let reading = device.read(name).await.unwrap();
                let mut expected = case.reading();
                if version == 4 && expected.data_type == DataType::Enum {
                    expected.data_type = DataType::Short; // IDL 4 has none
                }
                assert_eq!(reading, expected, "{name} {order:?} IDL {version}");
            }
            let cases = cases();
            let names: Vec<&str> = cases.iter().map(|case| &*case.config.name).collect();
            let readings = device.read_many(&names).await.unwrap();
            assert_eq!(readings.len(), names.len());
            assert!(readings.iter().all(Result::is_ok));
        }
    }
}

#[test]
fn a_set_point_may_have_another_shape_than_the_value() {
    let image = AttributeReading {
        format: AttributeFormat::Image,
        dimension: (3, 2),
        ..AttributeReading::new(
            "map",
            Value::Longs((0..6).collect()),
            SystemTime::UNIX_EPOCH,
        )
    };
    let image = image.with_set_point(Value::Longs((0..8).collect()), Some(4));
    let value = AttributeValue {
        name: "map".to_owned(),
        outcome: Ok(image.clone()),
    };
    for order in [ByteOrder::Little, ByteOrder::Big] {
        let mut writer = Writer::new(order);
        value.write(&mut writer, AttributeVersion::Five);
        let octets = writer.finish().unwrap();
        let mut reader = tango_wire::cdr::Reader::new(&octets, order);
        let read = AttributeValue::read(&mut reader, AttributeVersion::Five).unwrap();
        let read = read.outcome.unwrap();
        assert_eq!(read.set_point_dimension, (4, 2));
        assert_eq!(read, image);
    }
}
