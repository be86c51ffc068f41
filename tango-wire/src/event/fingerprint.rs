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
    has_time: bool,
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
            has_time: has_time(message),
            hash: fingerprints.hash_one(message),
            octets: message.parts().iter().map(Vec::len).sum(),
            parts: message.parts().len(),
            counter: counter.and_then(|counter| counter.try_into().ok()),
        }
    }

    /// False if the same message may just as well be the next event: data ready events and errors
    /// have no time, and servers of cppTango 9 without a database leave the counter at 0. One that
    /// comes twice does less harm than one that is lost.
    pub(super) fn tells_doubles(&self) -> bool {
        self.has_time || self.counter != Some([0; 4])
    }
}

/// True if the message carries a value with the time of its reading, or a state of things of which
/// it does not matter how often it is told.
fn has_time(message: &Message) -> bool {
    let is_error = message.part(2).and_then(|call| call.last()) == Some(&1);
    !is_error && !message.topic().ends_with(b".data_ready")
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

    #[test]
    fn equal_messages_without_time_are_events_where_nothing_is_counted() {
        let fingerprints = Fingerprints::new();
        let tells_doubles = |topic: &[u8], counter: u8, is_error: u8| {
            let mut call = vec![0; 21];
            (call[4], call[20]) = (counter, is_error);
            let parts = vec![topic.to_vec(), vec![1], call, vec![9]];
            Fingerprint::of(&Message::new(parts), &fingerprints).tells_doubles()
        };
        assert!(tells_doubles(b"t.idl5_change", 0, 0));
        assert!(tells_doubles(b"t.data_ready", 1, 0));
        assert!(!tells_doubles(b"t.data_ready", 0, 0));
        assert!(!tells_doubles(b"t.idl5_change", 0, 1));
    }
}
