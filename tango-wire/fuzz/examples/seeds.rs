//! Writes a small corpus for every target from what tango-wire itself sends: `seeds CORPUS_FOLDER`.

use std::{
    fs, io,
    path::PathBuf,
    time::{Duration, UNIX_EPOCH},
};

use tango_wire::{
    any::write_any,
    cdr::{ByteOrder, Writer},
    giop::{
        Completion, ObjectReference, ReplyStatus, RequestHead, SystemException, Version,
        write_close_connection, write_reply, write_request, write_user_exception,
    },
    types::*,
    zmtp::{Message, fuzzing::written},
};
use tango_wire_fuzz::{kinds::KINDS, operations::OPERATIONS};

const ORDERS: [ByteOrder; 2] = [ByteOrder::Little, ByteOrder::Big];
const KEY: &[u8] = b"low/sub/1";

struct Corpus {
    folder: PathBuf,
}

impl Corpus {
    fn add(&self, target: &str, octets: &[u8]) -> io::Result<()> {
        let folder = self.folder.join(target);
        fs::create_dir_all(&folder)?;
        // a name that follows from the content: writing the seeds again changes nothing
        let name = octets
            .iter()
            .fold(0xcbf2_9ce4_8422_2325_u64, |hash, &octet| {
                (hash ^ u64::from(octet)).wrapping_mul(0x0100_0000_01b3)
            });
        fs::write(folder.join(format!("seed-{name:016x}")), octets)
    }
}

fn main() -> io::Result<()> {
    let folder = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "corpus".to_owned());
    let corpus = Corpus {
        folder: folder.into(),
    };
    anys(&corpus)?;
    types(&corpus)?;
    calls(&corpus)?;
    events(&corpus)?;
    references(&corpus)?;
    zmtp(&corpus)?;
    for place in 0..128 {
        corpus.add("database", &[place, 20, 0, 1, 8, 1, 5, place, 5, 1, 10, 8])?;
    }
    Ok(())
}

fn octets(order: ByteOrder, write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = Writer::new(order);
    write(&mut writer);
    writer.finish().unwrap_or_default()
}

/// One value of each type.
fn values() -> Vec<Value> {
    let texts = vec!["é".to_owned(), String::new()];
    vec![
        Value::Void,
        Value::Bool(true),
        Value::Short(-3),
        Value::Long(-70_000),
        Value::Long64(1 << 40),
        Value::Float(f32::NAN),
        Value::Double(-2.5),
        Value::UChar(200),
        Value::UShort(60_000),
        Value::ULong(4_000_000_000),
        Value::ULong64(1 << 63),
        Value::String("low".into()),
        Value::State(DevState::Fault),
        Value::Encoded {
            format: "raw".into(),
            data: vec![0, 255],
        },
        Value::Bools(vec![true, false]),
        Value::Shorts(vec![1, -2]),
        Value::Longs(vec![1, -2]),
        Value::Longs64(vec![1, -2]),
        Value::Floats(vec![0.5]),
        Value::Doubles(vec![0.5, 1.0]),
        Value::Chars(vec![0, 255]),
        Value::UShorts(vec![1]),
        Value::ULongs(vec![1]),
        Value::ULongs64(vec![1]),
        Value::Strings(texts.clone()),
        Value::States(vec![DevState::On, DevState::Off]),
        Value::LongStrings(vec![2], texts.clone()),
        Value::DoubleStrings(vec![0.25], texts),
    ]
}

fn anys(corpus: &Corpus) -> io::Result<()> {
    for order in ORDERS {
        for value in values() {
            let mut seed = vec![order.flag(), 0];
            seed.extend(octets(order, |writer| write_any(writer, &value)));
            corpus.add("any", &seed)?;
        }
    }
    Ok(())
}

fn readings() -> impl Iterator<Item = AttributeReading> {
    values().into_iter().map(|value| {
        let time = UNIX_EPOCH + Duration::from_micros(1_795_206_286_003_346);
        let mut reading = AttributeReading::new("power", value, time);
        reading.set_point = Some(reading.value.clone());
        reading
    })
}

fn failure() -> DevFailed {
    DevFailed::new("API_CommandFailed", "é", "server.cpp:12")
}

fn types(corpus: &Corpus) -> io::Result<()> {
    let config = AttributeConfig::new("obsState", DataType::Enum).with_enum_labels(["EMPTY"]);
    let command = CommandInfo::new("On", DataType::Void, DataType::VarLongStringArray);
    let info = DeviceInfo {
        class: "Subarray".to_owned(),
        version: 6,
        versions: vec![("PyTango".to_owned(), "10.3.1".to_owned())],
        ..DeviceInfo::default()
    };
    let trace = ["00-abc-01".to_owned(), String::new()];
    let client = ClientIdentity::Java6 {
        class: "Main".to_owned(),
        id: [1, 2],
        trace,
    };
    let failures = MultiDevFailed(vec![NamedFailure {
        name: "power".to_owned(),
        index: 0,
        failure: failure(),
    }]);
    let ready = DataReady {
        name: "power".to_owned(),
        data_type: DataType::Double,
        counter: 1,
    };
    let change = InterfaceChange {
        device_started: true,
        commands: vec![command.clone()],
        attributes: vec![config.clone()],
    };
    let reference = ObjectReference::new("IDL:Tango/Device_6:1.0", "h", 1, KEY);
    for order in ORDERS {
        for (place, kind) in KINDS.iter().enumerate() {
            let mut seeds = Vec::new();
            let mut seed = |write: &dyn Fn(&mut Writer)| seeds.push(octets(order, write));
            match kind.name {
                "AttributeValue_4" => readings()
                    .for_each(|reading| seed(&|to| reading.write(to, AttributeVersion::Four))),
                "AttributeValue_5" => readings()
                    .for_each(|reading| seed(&|to| reading.write(to, AttributeVersion::Five))),
                "attribute write" => readings().for_each(|reading| {
                    let write = AttributeWrite::new("power", reading.value);
                    seed(&|to| write.write(to));
                }),
                "AttributeConfig_3" => seed(&|to| config.write_3(to)),
                "AttributeConfig_5" => seed(&|to| config.write(to)),
                "command" => seed(&|to| command.write(to)),
                "info_6" => seed(&|to| info.write(to, DeviceInfoVersion::Six)),
                "client" => seed(&|to| client.write(to)),
                "DevFailed" => seed(&|to| failure().write(to)),
                "MultiDevFailed" => seed(&|to| failures.write(to)),
                "data ready" => seed(&|to| ready.write(to)),
                "interface change" => seed(&|to| change.write(to)),
                "object reference" => seed(&|to| reference.write(to)),
                _ => seed(&|to| to.raw(&[0; 4])),
            }
            for seed in seeds.iter().filter(|seed| !seed.is_empty()) {
                let choices = [u8::try_from(place).unwrap_or(0), order.flag()];
                corpus.add("types", &[&choices, &seed[..]].concat())?;
            }
        }
    }
    Ok(())
}

/// The arguments of an operation, in its right order.
fn arguments(operation: &str, writer: &mut Writer) {
    let identity = ClientIdentity::Cpp { process: 7 };
    match operation {
        "command_inout" | "command_inout_2" | "command_inout_4" => {
            writer.string("EchoDevVarStringArray");
            write_any(writer, &Value::Strings(vec!["a".into()]));
            writer.u32(0);
        }
        "read_attributes_4" | "read_attributes_5" => {
            writer.strings(&["power", "beam"]);
            writer.u32(0);
        }
        "write_attributes_4" | "write_read_attributes_4" | "write_read_attributes_5" => {
            let write = AttributeWrite::new("power", Value::Double(1.5));
            writer.sequence(&[write], |writer, write| write.write(writer));
            if operation.ends_with("_5") {
                writer.strings(&["power"]);
            }
        }
        _ if operation.contains("config") => writer.strings(&["power"]),
        "black_box" => writer.i32(1),
        "_is_a" | "command_query" | "command_query_2" => writer.string("EchoDevString"),
        _ => return,
    }
    identity.write(writer);
}

fn calls(corpus: &Corpus) -> io::Result<()> {
    for (place, operation) in OPERATIONS.iter().enumerate() {
        for order in ORDERS {
            let choices = [u8::try_from(place).unwrap_or(0), order.flag()];
            let body = octets(order, |writer| arguments(operation, writer));
            corpus.add("operations", &[&choices, &body[..]].concat())?;
        }
        for version in [Version::V1_0, Version::V1_2] {
            let mut head = RequestHead::new(version, 7, KEY, operation);
            head.announce_code_sets = true;
            let request = write_request(&head, |writer| arguments(operation, writer));
            let request = request.unwrap_or_default();
            corpus.add("messages", &[&[64], &request[..]].concat())?;
            corpus.add("server", &[&[0, 4], &request[..]].concat())?;
            if version == Version::V1_2 {
                corpus.add("messages", &[&[64], &in_fragments(&request)[..]].concat())?;
                corpus.add("server", &[&[0, 4], &in_fragments(&request)[..]].concat())?;
            }
        }
    }
    for command in [
        "DbAddDevice",
        "DbPutDeviceProperty",
        "DbImportDevice",
        "DbGetDeviceList",
    ] {
        let head = RequestHead::new(Version::V1_0, 7, b"database", "command_inout");
        let request = write_request(&head, |writer| {
            writer.string(command);
            let words = ["Sub/test", "low/sub/1", "Subarray", "1", "a"].map(str::to_owned);
            write_any(writer, &Value::Strings(words.to_vec()));
        });
        corpus.add(
            "server",
            &[&[1, 4], &request.unwrap_or_default()[..]].concat(),
        )?;
    }
    let gone = SystemException::new("OBJECT_NOT_EXIST", 1, Completion::No);
    let elsewhere = ObjectReference::new("IDL:Tango/Device_6:1.0", "h", 1, KEY);
    for version in [Version::V1_0, Version::V1_2] {
        let replies = [
            write_reply(version, 7, ReplyStatus::NoException, |to| to.bool(true)),
            write_reply(version, 7, ReplyStatus::SystemException, |to| {
                gone.write(to)
            }),
            write_reply(version, 7, ReplyStatus::LocationForward, |to| {
                elsewhere.write(to)
            }),
            write_user_exception(version, 7, DevFailed::ID, |to| failure().write(to)),
            write_close_connection(version),
        ];
        for reply in replies {
            corpus.add(
                "messages",
                &[&[64], &reply.unwrap_or_default()[..]].concat(),
            )?;
        }
    }
    let locate = b"GIOP\x01\x00\x01\x03\x11\0\0\0\x09\0\0\0\x09\0\0\0low/sub/1";
    corpus.add("messages", &[&[64], &locate[..]].concat())?;
    corpus.add("server", &[&[0, 4], &locate[..]].concat())
}

/// Cuts a message of GIOP 1.2 behind its first 24 octets.
fn in_fragments(message: &[u8]) -> Vec<u8> {
    let (first, rest) = message.split_at(24.min(message.len()));
    let mut octets = b"GIOP\x01\x02\x03\x00\x0c\0\0\0".to_vec();
    octets.extend(&first[12..]);
    octets.extend(b"GIOP\x01\x02\x01\x07");
    octets.extend(u32::try_from(4 + rest.len()).unwrap_or(0).to_le_bytes());
    octets.extend(&message[12..16]);
    octets.extend(rest);
    octets
}

fn events(corpus: &Corpus) -> io::Result<()> {
    let add = |topic: u8, shape: u8, write: &dyn Fn(&mut Writer)| {
        let order = ByteOrder::from_flag(shape);
        let mut writer = Writer::with_prefix(order, &[0xc0, 0xde, 0xc0, 0xde]);
        write(&mut writer);
        let data = writer.finish().unwrap_or_default();
        corpus.add("events", &[&[topic, shape], &data[..]].concat())
    };
    let config = AttributeConfig::new("power", DataType::Double);
    for flag in [0, 1] {
        for reading in readings() {
            add(0, flag, &|writer| {
                reading.write(writer, AttributeVersion::Five)
            })?;
            add(1, flag, &|writer| {
                reading.write(writer, AttributeVersion::Four)
            })?;
        }
        add(0, flag | 4, &|writer| failure().write(writer))?;
        add(7, flag, &|writer| config.write(writer))?;
        let ready = DataReady {
            name: "power".to_owned(),
            data_type: DataType::Double,
            counter: 1,
        };
        add(6, flag, &|writer| ready.write(writer))?;
        let change = InterfaceChange {
            device_started: true,
            commands: vec![CommandInfo::new("On", DataType::Void, DataType::Void)],
            attributes: vec![config.clone()],
        };
        add(8, flag, &|writer| change.write(writer))?;
    }
    let strings = [
        "tcp://h:1",
        "tcp://h:2",
        "tango://h:1/a/b/c/d.idl5_change",
        "tango://h:1/a",
    ];
    let reply = Value::LongStrings(vec![1], strings.map(str::to_owned).to_vec());
    let reply = octets(ByteOrder::Little, |writer| write_any(writer, &reply));
    corpus.add("events", &[&[10, 1], &reply[..]].concat())
}

fn references(corpus: &Corpus) -> io::Result<()> {
    let reference = ObjectReference::new("IDL:Tango/Device_6:1.0", "192.0.2.2", 45450, *b"\xfe\0");
    let ior = reference.to_ior().unwrap_or_default();
    for text in [
        ior.as_str(),
        "corbaloc:iiop:1.2@[::1]:7,iiop:b/low/sub%2f1",
        "corbaloc:iiop:localhost:10000/database",
        "tango://[::1]:4321/low/sub/1#dbase=no",
        "low/sub/1",
        "h:10000/low/sub/1",
    ] {
        corpus.add("references", text.as_bytes())?;
    }
    Ok(())
}

fn zmtp(corpus: &Corpus) -> io::Result<()> {
    let mut greeting = vec![0xff, 0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 3, 1];
    greeting.extend(b"NULL");
    greeting.resize(64, 0);
    let messages: Vec<u8> = [
        vec![b"\x01low".to_vec()],
        vec![b"low/1".to_vec(), vec![7; 300]],
    ]
    .into_iter()
    .flat_map(|parts| written(&Message::new(parts)))
    .collect();
    let commands = b"\x04\x09\x05ERROR\x02no\x04\x0a\x04PING\0\0abc\x04\x0d\x09SUBSCRIBElow\
        \x04\x09\x06CANCELlo\x04\x05\x04PONG";
    for (choices, socket) in [(1, "PUB"), (3, "SUB")] {
        let mut ready = b"\x04\x19\x05READY\x0bSocket-Type\0\0\0\x03".to_vec();
        ready.extend(socket.as_bytes());
        let connection = [&greeting[..], &ready, &messages, commands].concat();
        corpus.add("zmtp", &[&[choices, 64], &connection[..]].concat())?;
        for port in [2, 3] {
            corpus.add("server", &[&[port, 4], &connection[..]].concat())?;
        }
    }
    corpus.add("zmtp", &[&[0, 7], &messages[..]].concat())?;
    corpus.add("zmtp", &[&[0, 7], &commands[..]].concat())
}
