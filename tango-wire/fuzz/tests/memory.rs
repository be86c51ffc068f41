//! What the worst octets of a kind cost: never much more memory than came over the network.
//!
//! One test in one thread, as the allocator counts for the whole program.

use tango_wire::{
    any::{read_any, write_any},
    cdr::{ByteOrder, CdrError, Reader, Writer},
    giop::{Limits, MessageReader, ObjectReference},
    types::*,
    zmtp::{self, fuzzing::read_on},
};
use tango_wire_fuzz::{
    chunks::{Chunks, at_once},
    memory::{BASE, FACTOR, most},
};

/// Octets of each bomb, or nearly.
const SIZE: usize = 16 << 20;

fn written(write: impl FnOnce(&mut Writer)) -> Vec<u8> {
    let mut writer = Writer::new(ByteOrder::Little);
    write(&mut writer);
    writer.finish().expect("it can be written")
}

/// A count, then as many items as there is room for.
fn many(prefix: impl FnOnce(&mut Writer), item: &[u8]) -> Vec<u8> {
    let mut octets = written(prefix);
    octets.resize(octets.len().next_multiple_of(4), 0);
    let count = SIZE / item.len();
    octets.extend(u32::try_from(count).expect("it fits").to_le_bytes());
    octets.extend(item.repeat(count));
    octets
}

/// Runs `what` on `octets` and says what it took for each of them.
fn check(name: &str, octets: usize, what: impl FnOnce()) {
    let ((), most) = most(what);
    println!(
        "{name:40} {octets:>10} octets, {most:>10} taken, factor {:.1}",
        most as f64 / octets as f64
    );
    assert!(
        most <= BASE + FACTOR * octets,
        "{name}: {octets} octets made us take {most}"
    );
}

fn check_read<T>(
    name: &str,
    octets: &[u8],
    read: impl FnOnce(&mut Reader<'_>) -> Result<T, CdrError>,
) {
    check(name, octets.len(), || {
        // what was read must be there when the most is counted, so it is dropped here
        drop(read(&mut Reader::new(octets, ByteOrder::Little)));
    });
}

#[test]
fn nothing_takes_much_more_than_came() {
    let version = AttributeVersion::Five;
    let nothing = |_: &mut Writer| {};

    // many small items
    let strings = many(|writer| writer.u32(10), &[0; 4]);
    check_read("attribute of empty strings", &strings, |reader| {
        AttributeValue::read(reader, version)
    });
    let encoded = many(|writer| writer.u32(13), &[0; 8]);
    check_read("attribute of empty DevEncoded", &encoded, |reader| {
        AttributeValue::read(reader, version)
    });
    let short_strings = many(nothing, &[2, 0, 0, 0, b'a', 0, 0, 0]);
    check_read("strings of one character", &short_strings, |reader| {
        reader.strings()
    });
    let latin = many(
        nothing,
        &[
            16, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
            0xff, 0xff, 0xff, 0,
        ],
    );
    check_read("strings in Latin-1", &latin, |reader| reader.strings());
    let failure = many(nothing, &[0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    check_read("DevFailed", &failure, DevFailed::read);
    let failures = many(nothing, &[0; 12]);
    check_read("MultiDevFailed", &failures, MultiDevFailed::read);
    let one = NamedFailure {
        name: String::new(),
        index: 0,
        failure: DevFailed(vec![DevError::new("", "", "")]),
    };
    let nested = written(|writer| MultiDevFailed(vec![one; SIZE / 44]).write(writer));
    check_read("MultiDevFailed of DevFailed", &nested, MultiDevFailed::read);
    let write = written(|writer| {
        AttributeWrite::new("", Value::Strings(Vec::new())).write(writer);
    });
    let writes = many(nothing, &write);
    check_read("attribute writes", &writes, |reader| {
        reader.sequence(52, AttributeWrite::read)
    });
    let config = [0; 148];
    let configs = many(nothing, &config);
    check_read("attribute configurations", &configs, |reader| {
        reader.sequence(100, AttributeConfig::read)
    });
    let commands = many(nothing, &[0; 28]);
    check_read("commands", &commands, |reader| {
        reader.sequence(28, CommandInfo::read)
    });
    let versions = many(|writer| writer.raw(&[0; 24]), &[0; 8]);
    check_read("info_6", &versions, |reader| {
        DeviceInfo::read(reader, DeviceInfoVersion::Six)
    });

    // counts that are not true
    for count in [u32::MAX, u32::MAX / 8, 1 << 24] {
        let lie = written(|writer| {
            writer.u32(10);
            writer.u32(count);
            writer.raw(&[0; 4096]);
        });
        check_read("a count that is not true", &lie, |reader| {
            AttributeValue::read(reader, version)
        });
    }

    // types of types
    let array = written(|writer| write_any(writer, &Value::Strings(Vec::new())));
    let end = array.len() - 4;
    let strings = many(|writer| writer.raw(&array[..end]), &[0; 4]);
    check_read("any of empty strings", &strings, read_any);
    let wide = written(|writer| {
        writer.u32(15);
        writer.encapsulation(|content| {
            content.raw(&[0; 11]); // padding, no name, no name
            content.count(SIZE / 8);
            content.raw(&[0, 0, 0, 0, 1, 0, 0, 0].repeat(SIZE / 8));
        });
    });
    check_read("a struct of very many members", &wide, read_any);
    check_read("structs in structs", &nested_structs(15, 4), read_any);
    let names = written(|writer| {
        writer.u32(17);
        writer.encapsulation(|content| {
            content.raw(&[0; 11]);
            content.count(SIZE / 4);
            content.raw(&[0; 4].repeat(SIZE / 4));
        });
    });
    check_read("an enumeration of very many names", &names, read_any);

    references();
    messages();
    frames();
}

fn nested_structs(depth: usize, members: usize) -> Vec<u8> {
    fn structure(writer: &mut Writer, depth: usize, members: usize) {
        writer.u32(if depth == 0 { 1 } else { 15 });
        if depth > 0 && writer.len() < SIZE {
            writer.encapsulation(|content| {
                content.raw(&[0; 11]);
                content.count(members);
                for _ in 0..members {
                    content.u32(0);
                    structure(content, depth - 1, members);
                }
            });
        }
    }
    written(|writer| structure(writer, depth, members))
}

fn references() {
    let reference = ObjectReference::new("", "", 0, *b"");
    let mut many = reference.clone();
    many.profiles = vec![reference.profiles[0].clone(); SIZE / 128];
    let octets = written(|writer| many.write(writer));
    check_read(
        "an object reference of many places",
        &octets,
        ObjectReference::read,
    );
    let text = format!(
        "corbaloc:{}/{}",
        "iiop:a,".repeat(SIZE / 16),
        "k".repeat(SIZE / 2)
    );
    check("a corbaloc address of many places", text.len(), || {
        drop(text.parse::<ObjectReference>());
    });
}

/// Reads messages to their end, with the limits of a server.
fn read_messages(octets: &[u8]) {
    let mut reader = MessageReader::new(Chunks::new(octets, 8192), Limits::default());
    at_once(async { while let Ok(Some(_)) = reader.next().await {} });
}

fn messages() {
    let announced = b"GIOP\x01\x02\x01\x00\x00\x00\x00\x03and nothing more";
    check("a message announced only", announced.len(), || {
        read_messages(announced)
    });

    let mut unfinished = Vec::new();
    for id in 0..16u8 {
        unfinished.extend(b"GIOP\x01\x02\x03\x00\x04\x00\x01\x00");
        unfinished.extend([id, 0, 0, 0]);
        unfinished.extend([7; 65536]);
    }
    check("messages never finished", unfinished.len(), || {
        read_messages(&unfinished)
    });

    let mut fragments = unfinished[..16 + 65536].to_vec();
    for _ in 0..16_000 {
        fragments.extend(b"GIOP\x01\x02\x03\x07\x04\x04\x00\x00");
        fragments.extend([0; 4]);
        fragments.extend([7; 1024]);
    }
    check("a message in very many fragments", fragments.len(), || {
        read_messages(&fragments)
    });
}

fn frames() {
    let limits = zmtp::Limits::default();
    let read = |octets: &[u8]| drop(at_once(read_on(Chunks::new(octets, 8192), limits, drop)));
    let announced = b"\x02\0\0\0\0\x03\xff\xff\xffand nothing more";
    check("a frame announced only", announced.len(), || {
        read(announced)
    });
    let mut long = b"\x02\0\0\0\0\x01\0\0\0".to_vec();
    long.resize(9 + SIZE, 7);
    check("a long frame", long.len(), || read(&long));
    let empty = [0; 2].repeat(1 << 20);
    check("very many empty messages", empty.len(), || read(&empty));
    let parts = [1, 0].repeat(1 << 10);
    check("very many empty parts", parts.len(), || read(&parts));
}
