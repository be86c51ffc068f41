//! Event messages of every kind, and the answer that a subscription begins with.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tango_wire::{
    any::read_any,
    cdr::Reader,
    event::fuzzing::{read_event, read_subscription_point},
    zmtp::Message,
};
use tango_wire_fuzz::{input::Input, memory::bounded};

const TOPICS: [&str; 11] = [
    "tango://h:1/low/sub/1/power.idl5_change",
    "tango://h:1/low/sub/1/power.change",
    "tango://h:1/low/sub/1/power.alarm",
    "tango://h:1/low/sub/1/power#dbase=no.idl5_archive",
    "tango://h:1/low/sub/1/power.idl5_periodic",
    "tango://h:1/low/sub/1/power.idl5_user_event",
    "tango://h:1/low/sub/1/power.data_ready",
    "tango://h:1/low/sub/1/power.idl5_attr_conf",
    "tango://h:1/low/sub/1/power.attr_conf",
    "tango://h:1/low/sub/1.intr_change",
    "",
];

/// Version 1, an empty method and object, all of it in little-endian order.
const CALL: [u8; 20] = [1, 0, 0, 0, 7, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

fuzz_target!(|octets: &[u8]| {
    let mut input = Input(octets);
    let topic = input.choice(TOPICS.len() + 1);
    let shape = input.octet();
    if topic == TOPICS.len() {
        bounded(octets.len(), || {
            let order = tango_wire::cdr::ByteOrder::from_flag(shape);
            if let Ok(reply) = read_any(&mut Reader::new(input.0, order)) {
                let _ = read_subscription_point(reply);
            }
        });
        return;
    }
    let call = if shape & 2 == 0 {
        let mut call = CALL.to_vec();
        call.push(shape >> 2 & 1); // is it an error?
        call
    } else {
        let size = input.octet().into();
        input.take(size).to_vec()
    };
    let mut parts = vec![
        TOPICS[topic].into(),
        vec![shape & 1],
        call,
        input.0.to_vec(),
    ];
    parts.truncate(4 - usize::from(shape >> 6 & 3));
    let message = Message::new(parts);
    bounded(octets.len(), || read_event(&message));
});
