//! When something happened, as far as that can be told from outside.

use std::time::Duration;

/// Between these two times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) earliest: Duration,
    pub(super) latest: Duration,
}

impl Span {
    pub(super) const fn new(earliest: Duration, latest: Duration) -> Span {
        Span { earliest, latest }
    }

    /// What was heard then happened then, or at most so long before.
    pub(super) fn heard(at: Duration, lag: Duration) -> Span {
        Span::new(at.saturating_sub(lag), at)
    }

    /// As early as it can have been, if all that is in the order before it was not later than `now`;
    /// none if it was over by then.
    pub(super) fn after(self, now: Duration) -> Option<Duration> {
        let earliest = self.earliest.max(now);
        (earliest <= self.latest).then_some(earliest)
    }
}
