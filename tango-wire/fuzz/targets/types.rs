//! Every type that travels, in both byte orders.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tango_wire_fuzz::{input::Input, kinds::KINDS, memory::bounded};

fuzz_target!(|octets: &[u8]| {
    let mut input = Input(octets);
    let kind = &KINDS[input.choice(KINDS.len())];
    let order = input.order();
    bounded(octets.len(), || (kind.try_on)(input.0, order));
});
