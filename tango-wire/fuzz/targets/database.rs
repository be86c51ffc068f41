//! The commands of the database, one after the other on one store.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tango_wire::{
    any::{read_any, write_any},
    cdr::{ByteOrder, Reader, Writer},
    database::fuzzing::BareDatabase,
    types::Value,
};
use tango_wire_fuzz::input::Input;

/// Names that come up again and again, so that commands meet what others have left.
const WORDS: [&str; 16] = [
    "Sub/test",
    "low/sub/1",
    "LOW/SUB/1",
    "Subarray",
    "dserver/Sub/test",
    "*",
    "low*",
    "%",
    "1",
    "2",
    "power",
    "label",
    "host",
    "IOR:00",
    "",
    "alias",
];

fn text(input: &mut Input<'_>) -> String {
    match input.octet() {
        word @ 0..128 => WORDS[usize::from(word) % WORDS.len()].to_owned(),
        size => {
            let octets = input.take(usize::from(size - 128));
            octets.iter().map(|&octet| char::from(octet)).collect()
        }
    }
}

fn argument(input: &mut Input<'_>) -> Value {
    match input.octet() {
        0 => Value::Void,
        1 => Value::Long(1),
        2..16 => Value::String(text(input)),
        count => Value::Strings((0..count % 16).map(|_| text(input)).collect()),
    }
}

fuzz_target!(|octets: &[u8]| {
    let mut input = Input(octets);
    let mut database = BareDatabase::new();
    while !input.0.is_empty() {
        let place = input.octet().into();
        let argument = argument(&mut input);
        let Ok(reply) = database.run(place, argument) else {
            continue;
        };
        // every reply can be sent, unless a string cannot
        let mut writer = Writer::new(ByteOrder::Little);
        write_any(&mut writer, &reply);
        if let Ok(octets) = writer.finish() {
            let read = read_any(&mut Reader::new(&octets, ByteOrder::Little));
            read.expect("what we answer can be read");
        }
    }
});
