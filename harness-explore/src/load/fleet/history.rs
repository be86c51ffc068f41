//! The values of an attribute, as events told them.

use std::collections::VecDeque;
use std::sync::Arc;

use harness_core::value::Value;
use tokio::time::Instant;

/// So many values are kept: many more than come while one user waits for one of them.
const KEPT: usize = 256;

/// A place in the history of an attribute: what came after it is news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark(u64);

/// One value.
#[derive(Clone, Debug)]
pub(super) struct Moment {
    pub(super) value: Arc<str>,
    pub(super) at: Instant,
}

/// The last values of an attribute.
#[derive(Debug, Default)]
pub(super) struct History {
    /// The number of the next value.
    next: u64,
    kept: VecDeque<Moment>,
    /// Whether the last one may have been left without anybody hearing of it.
    unsure: bool,
}

impl History {
    pub(super) fn mark(&self) -> Mark {
        Mark(self.next)
    }

    /// The value that it has now, if that is known.
    pub(super) fn now(&self) -> Option<&Moment> {
        self.kept.back().filter(|_| !self.unsure)
    }

    /// A value was told. What it was before is returned, if it is another, and known.
    pub(super) fn hear(&mut self, value: Arc<str>, at: Instant) -> Option<Moment> {
        let before = self.now().filter(|it| it.value != value).cloned();
        if before.is_some() || self.now().is_none() {
            if self.kept.len() == KEPT {
                self.kept.pop_front();
            }
            self.kept.push_back(Moment { value, at });
            self.next += 1;
            self.unsure = false;
        }
        before
    }

    /// Changes may have been missed.
    pub(super) fn lose(&mut self) {
        self.unsure = true;
    }

    /// What came after a mark, the first first, as far as it is kept.
    pub(super) fn since(&self, mark: Mark) -> impl Iterator<Item = &str> {
        let oldest = self.next - self.kept.len() as u64;
        let skip = usize::try_from(mark.0.saturating_sub(oldest)).unwrap_or(usize::MAX);
        self.kept.iter().skip(skip).map(|it| &*it.value)
    }
}

/// A value as it is printed: the label of an enumeration without a copy.
pub(super) fn text_of(value: &Value) -> Arc<str> {
    match value {
        Value::String(text) => text.as_str().into(),
        Value::Enum(member) => match &member.label {
            Some(label) => Arc::clone(label),
            None => member.number.to_string().into(),
        },
        other => other.to_string().into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hear(history: &mut History, value: &str) -> Option<String> {
        let before = history.hear(value.into(), Instant::now());
        before.map(|it| it.value.to_string())
    }

    #[test]
    fn what_came_after_a_mark_counts_also_when_it_is_gone_again() {
        let mut history = History::default();
        hear(&mut history, "IDLE");
        let mark = history.mark();
        assert_eq!(history.since(mark).count(), 0, "what it has is no news");
        hear(&mut history, "CONFIGURING");
        assert_eq!(hear(&mut history, "READY").as_deref(), Some("CONFIGURING"));
        assert_eq!(
            history.since(mark).collect::<Vec<_>>(),
            ["CONFIGURING", "READY"]
        );
        assert_eq!(hear(&mut history, "READY"), None, "pushed again");
        assert_eq!(history.since(mark).count(), 2);
    }

    #[test]
    fn after_a_gap_the_same_value_is_news_and_no_change() {
        let mut history = History::default();
        hear(&mut history, "IDLE");
        let mark = history.mark();
        history.lose();
        assert!(history.now().is_none());
        assert_eq!(hear(&mut history, "IDLE"), None);
        assert_eq!(history.since(mark).collect::<Vec<_>>(), ["IDLE"]);
    }

    #[test]
    fn a_mark_of_long_ago_sees_what_is_kept() {
        let mut history = History::default();
        let mark = history.mark();
        for number in 0..1000 {
            hear(&mut history, &number.to_string());
        }
        assert_eq!(history.since(mark).count(), KEPT);
        assert_eq!(history.since(mark).last(), Some("999"));
    }
}
