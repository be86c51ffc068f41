//! Text that says where something is: object references, device addresses, host and port.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tango_wire::{
    client::{DeviceAddress, HostPort},
    giop::ObjectReference,
};
use tango_wire_fuzz::memory::bounded;

fn check_reference(text: &str) {
    let Ok(reference) = text.parse::<ObjectReference>() else {
        return;
    };
    let _ = reference.to_string();
    let hosts = reference.profiles.iter().flat_map(|profile| {
        let alternates = profile.alternates.iter().map(|(host, _)| host);
        alternates.chain([&profile.host])
    });
    // other characters may be sent in one way and understood in another
    let plain = hosts
        .chain([&reference.type_id])
        .all(|text| text.is_ascii());
    if let (true, Ok(ior)) = (plain, reference.to_ior()) {
        assert_eq!(ior.parse(), Ok(reference));
    }
}

fuzz_target!(|octets: &[u8]| {
    let text = String::from_utf8_lossy(octets);
    // what is not UTF-8 has become longer
    bounded(text.len(), || {
        check_reference(&text);
        if let Ok(address) = text.parse::<DeviceAddress>() {
            assert_eq!(address.to_string().parse(), Ok(address));
        }
        if let Ok(place) = text.parse::<HostPort>() {
            assert_eq!(place.to_string().parse(), Ok(place));
        }
    });
});
