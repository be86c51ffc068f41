//! The anys in which command arguments and replies travel, at any offset in their message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tango_wire::any::{read_any, write_any};
use tango_wire_fuzz::{input::Input, memory::bounded, settling::settles};

fuzz_target!(|octets: &[u8]| {
    let mut input = Input(octets);
    let order = input.order();
    let offset = input.choice(8);
    let read = |reader: &mut tango_wire::cdr::Reader<'_>| {
        reader.take(offset)?;
        read_any(reader)
    };
    bounded(octets.len(), || {
        settles(input.0, order, read, |writer, value| {
            writer.raw(&[0; 8][..offset]);
            write_any(writer, value);
        });
    });
});
