//! The time of a world.

use std::time::Duration;

use tokio::time::Instant;

/// The time of a world: that of tokio, and what a tester has let pass beside it; or only that.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    skipped: Duration,
    /// Since when time passes only as a tester lets it.
    stopped: Option<Instant>,
}

impl Clock {
    /// A clock that goes by itself.
    pub(super) const fn new() -> Clock {
        Clock {
            skipped: Duration::ZERO,
            stopped: None,
        }
    }

    /// A clock that a tester turns.
    pub(super) fn manual() -> Clock {
        Clock {
            skipped: Duration::ZERO,
            stopped: Some(Instant::now()),
        }
    }

    /// Whether time passes only as a tester lets it.
    pub(super) const fn is_manual(&self) -> bool {
        self.stopped.is_some()
    }

    /// The moment that it shows.
    pub(super) fn now(&self) -> Instant {
        self.stopped.unwrap_or_else(Instant::now) + self.skipped
    }

    /// Turns it on to a moment; it does not go back.
    pub(super) fn skip_to(&mut self, moment: Instant) {
        self.skipped += moment.saturating_duration_since(self.now());
    }

    /// The moment of tokio's clock at which this one will show another; `None` if it does not go
    /// by itself.
    pub(super) fn when(&self, moment: Instant) -> Option<Instant> {
        match self.stopped {
            Some(_) => None,
            None => Some(moment.checked_sub(self.skipped).unwrap_or(moment)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::{Instant, advance};

    use super::Clock;

    const MINUTE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn a_clock_can_be_turned_on_and_goes_on_from_there() {
        let mut clock = Clock::new();
        let start = Instant::now();
        clock.skip_to(start + MINUTE);
        advance(MINUTE).await;
        assert_eq!(clock.now(), start + 2 * MINUTE);
        clock.skip_to(start);
        assert_eq!(clock.now(), start + 2 * MINUTE);
        assert_eq!(clock.when(start + 3 * MINUTE), Some(start + 2 * MINUTE));
    }

    #[tokio::test(start_paused = true)]
    async fn a_manual_clock_stands_still_until_it_is_turned() {
        let mut clock = Clock::manual();
        let start = clock.now();
        advance(MINUTE).await;
        assert_eq!(clock.now(), start);
        clock.skip_to(start + MINUTE);
        assert_eq!(clock.now(), start + MINUTE);
        assert_eq!(clock.when(start + MINUTE), None);
    }
}
