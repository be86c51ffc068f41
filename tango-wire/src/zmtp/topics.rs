//! The topics that one peer has asked for.

use std::collections::BTreeMap;

/// How many octets one peer's different topics may take, each counted with some overhead.
const MEMORY_LIMIT: usize = 16 << 20;
const OVERHEAD: usize = 64;

/// Subscribed prefixes, each with how often it was asked for.
#[derive(Debug, Default)]
pub(super) struct Topics {
    counts: BTreeMap<Vec<u8>, usize>,
    memory: usize,
}

impl Topics {
    /// Adds a prefix; false when the peer holds too many.
    pub(super) fn subscribe(&mut self, prefix: &[u8]) -> bool {
        if let Some(count) = self.counts.get_mut(prefix) {
            *count += 1;
            return true;
        }
        let memory = self.memory + prefix.len() + OVERHEAD;
        if memory > MEMORY_LIMIT {
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
                self.memory -= prefix.len() + OVERHEAD;
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
        assert!((100..256).contains(&accepted), "{accepted}");
        topics.cancel(&0u32.to_be_bytes().repeat(1 << 14));
        assert!(topics.subscribe(b"a"), "what was given back is free again");
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
