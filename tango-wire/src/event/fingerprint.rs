//! Telling whether a message is the one before it again, without keeping it.

use std::hash::{BuildHasher, RandomState};

use crate::zmtp::Message;

/// Makes fingerprints, with random keys of its own.
pub(super) type Fingerprints = RandomState;

/// What is kept of a message, a few octets however large it was.
///
/// Two that differ in the counter, in the number of parts or in their octets together are never
/// taken for each other. All other parts are told apart by 64 bits of a SipHash with random keys:
/// an event is taken for the one before it, and lost, once in 2^64 events; no peer can do better,
/// and it could only hide an event of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fingerprint {
    hash: u64,
    octets: usize,
    parts: usize,
    counter: Option<[u8; 4]>,
}

impl Fingerprint {
    /// That of a message; comparable with those that the same `fingerprints` made.
    pub(super) fn of(message: &Message, fingerprints: &Fingerprints) -> Self {
        let counter = message.part(2).and_then(|call| call.get(4..8));
        Self {
            hash: fingerprints.hash_one(message),
            octets: message.parts().iter().map(Vec::len).sum(),
            parts: message.parts().len(),
            counter: counter.and_then(|counter| counter.try_into().ok()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_octet_and_the_cut_between_parts_matter() {
        let fingerprints = Fingerprints::new();
        let of = |parts: &[&[u8]]| {
            let parts = parts.iter().map(|part| part.to_vec()).collect();
            Fingerprint::of(&Message::new(parts), &fingerprints)
        };
        let parts: [&[u8]; 4] = [b"topic", &[1], &[7; 21], &[9; 1000]];
        let whole = of(&parts);
        assert_eq!(of(&parts), whole);
        for part in 0..parts.len() {
            for place in 0..parts[part].len() {
                let mut octets = parts[part].to_vec();
                octets[place] ^= 1;
                let mut other = parts;
                other[part] = &octets;
                assert_ne!(of(&other), whole, "octet {place} of part {part}");
            }
        }
        assert_ne!(of(&[b"ab", b"c"]), of(&[b"a", b"bc"]));
        assert_ne!(of(&[b"ab"]), of(&[b"ab", b""]));
        assert!(size_of::<Fingerprint>() <= 40);
    }
}
