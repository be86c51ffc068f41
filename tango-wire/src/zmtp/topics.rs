//! The topics that one peer has asked for.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// How many octets one peer's different topics may take, each counted with some overhead: some
/// 25 000 of about 100 octets, as Tango's are.
const PEER_LIMIT: usize = 4 << 20;
/// How many octets every peer may have in any case, whatever others have taken: some 800 topics.
const OWN: usize = 128 << 10;
/// How many octets the topics of all peers may take together; beyond it nobody gets more than that.
const ALL_LIMIT: usize = 128 << 20;
const OVERHEAD: usize = 64;

/// The octets that the topics of all peers of a publisher take; cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct TopicMemory(Arc<AtomicUsize>);

/// Subscribed prefixes, each with how often it was asked for.
#[derive(Debug, Default)]
pub(super) struct Topics {
    counts: BTreeMap<Vec<u8>, usize>,
    memory: usize,
    all: TopicMemory,
}

impl Drop for Topics {
    fn drop(&mut self) {
        // a counter only: no other memory depends on its order
        self.all.0.fetch_sub(self.memory, Ordering::Relaxed);
    }
}

impl Topics {
    /// None yet, of one peer among others.
    pub(super) fn among(all: &TopicMemory) -> Self {
        Self {
            counts: BTreeMap::new(),
            memory: 0,
            all: all.clone(),
        }
    }

    /// Adds a prefix; false when the peer holds too many, or all peers together do.
    pub(super) fn subscribe(&mut self, prefix: &[u8]) -> bool {
        if let Some(count) = self.counts.get_mut(prefix) {
            *count += 1;
            return true;
        }
        let octets = prefix.len() + OVERHEAD;
        let memory = self.memory + octets;
        let all = self.all.0.fetch_add(octets, Ordering::Relaxed) + octets;
        if memory > PEER_LIMIT || (memory > OWN && all > ALL_LIMIT) {
            self.all.0.fetch_sub(octets, Ordering::Relaxed);
            return false;
        }
        self.memory = memory;
        self.counts.insert(prefix.to_vec(), 1);
        true
    }

    /// Takes one subscription back; unknown prefixes are ignored.
    pub(super) fn cancel(&mut self, prefix: &[u8]) {
        if let Some(count) = self.counts.get_mut(prefix) {
            *count -= 1;
            if *count == 0 {
                self.counts.remove(prefix);
                let octets = prefix.len() + OVERHEAD;
                self.memory -= octets;
                self.all.0.fetch_sub(octets, Ordering::Relaxed);
            }
        }
    }

    /// True if any subscribed prefix begins `topic`.
    pub(super) fn matches(&self, topic: &[u8]) -> bool {
        // Everything sorted between a prefix and the topic begins with that prefix too. So the
        // nearest entry below either is a prefix itself or tells how much of the topic one can have.
        let mut candidate = topic;
        loop {
            let Some((below, _)) = self
                .counts
                .range::<[u8], _>((
                    std::ops::Bound::Unbounded,
                    std::ops::Bound::Included(candidate),
                ))
                .next_back()
            else {
                return false;
            };
            if candidate.starts_with(below) {
                return true;
            }
            let common = candidate
                .iter()
                .zip(below)
                .take_while(|(ours, theirs)| ours == theirs)
                .count();
            candidate = &candidate[..common];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_match_as_a_plain_search_says() {
        let words = [
            "", "a", "ab", "abc", "abd", "b", "ba", "a/b", "a/b/c", "a/c", "zz",
        ];
        for choice in 0u32..1 << words.len() {
            let chosen: Vec<&str> = (0..words.len())
                .filter(|bit| choice & (1 << bit) != 0)
                .map(|bit| words[bit])
                .collect();
            let mut topics = Topics::default();
            for word in &chosen {
                assert!(topics.subscribe(word.as_bytes()));
            }
            for topic in ["", "a", "abcd", "abe", "a/b/cd", "a/d", "c", "z"] {
                assert_eq!(
                    topics.matches(topic.as_bytes()),
                    chosen.iter().any(|word| topic.starts_with(word)),
                    "{topic:?} against {chosen:?}"
                );
            }
        }
    }

    #[test]
    fn a_peer_cannot_fill_the_memory() {
        let mut topics = Topics::default();
        let accepted = (0u32..)
            .map(|number| number.to_be_bytes().repeat(1 << 14))
            .take_while(|topic| topics.subscribe(topic))
            .count();
        assert!((32..64).contains(&accepted), "{accepted}");
        topics.cancel(&0u32.to_be_bytes().repeat(1 << 14));
        assert!(topics.subscribe(b"a"), "what was given back is free again");
    }

    /// Subscribes until it is refused, to topics as long as a publisher takes, then to short ones.
    fn fill(topics: &mut Topics) {
        for size in [1 << 16, 1 << 8] {
            (0u32..)
                .map(|number| number.to_be_bytes().repeat(size / 4))
                .take_while(|topic| topics.subscribe(topic))
                .for_each(drop);
        }
    }

    #[test]
    fn greedy_peers_leave_enough_for_every_other() {
        let all = TopicMemory::default();
        let mut greedy: Vec<_> = (0..1024).map(|_| Topics::among(&all)).collect();
        for topics in &mut greedy[..100] {
            fill(topics);
        }
        let taken = all.0.load(Ordering::Relaxed);
        assert!(
            (ALL_LIMIT / 10 * 9..=ALL_LIMIT + 100 * OWN).contains(&taken),
            "{taken}"
        );
        let modest = &mut greedy[1023];
        for number in 0..500u32 {
            let topic = format!("tango://host.observatory.org:10000/low/device/{number:0>40}");
            assert!(modest.subscribe(topic.as_bytes()), "{number}");
        }
        greedy.drain(..100);
        fill(&mut greedy[923]);
        assert!(
            greedy[923].memory > OWN,
            "what was given back is free again"
        );
        drop(greedy);
        assert_eq!(all.0.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn a_client_may_have_thousands_of_topics() {
        let mut topics = Topics::default();
        for number in 0..20_000 {
            assert!(topics.subscribe(format!("{number:0>100}").as_bytes()));
        }
    }

    #[test]
    fn a_topic_asked_for_twice_must_be_cancelled_twice() {
        let mut topics = Topics::default();
        topics.subscribe(b"a");
        topics.subscribe(b"a");
        topics.cancel(b"b");
        topics.cancel(b"a");
        assert!(topics.matches(b"a"));
        topics.cancel(b"a");
        assert!(!topics.matches(b"a"));
    }
}
