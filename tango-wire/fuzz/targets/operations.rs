//! The arguments of every operation that a server knows.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tango_wire::{cdr::Reader, server::fuzzing::read_operation};
use tango_wire_fuzz::{input::Input, memory::bounded, operations::OPERATIONS};

fuzz_target!(|octets: &[u8]| {
    let mut input = Input(octets);
    let operation = OPERATIONS[input.choice(OPERATIONS.len())];
    let order = input.order();
    let known = bounded(octets.len(), || {
        read_operation(operation, &mut Reader::new(input.0, order))
    });
    assert_ne!(known, Ok(false), "{operation} is in the list but unknown");
});
