//! Some of it comes late, and all behind it too.

use std::fmt;
use std::time::Duration;

use super::{ConditionError, fraction};
use crate::wording::Spoken;

/// Here and there something is held up for a while, and all behind it too: how a stream of TCP shows a
/// packet that got lost and was sent again. Nothing is lost, and the order is kept.
///
/// ```
/// use std::time::Duration;
///
/// use harness_chaos::Stall;
///
/// let lossy = Stall::of(Duration::from_millis(200)).at_rate(0.05);
/// assert_eq!(lossy.to_string(), "stall for 200 ms at a rate of 0.05");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stall {
    pub(crate) time: Duration,
    pub(crate) spread: Duration,
    pub(crate) rate: f64,
}

impl Stall {
    /// One of this time. Without a [rate](Stall::at_rate) at every chunk that is read at once.
    #[must_use]
    pub const fn of(time: Duration) -> Stall {
        Stall {
            time,
            spread: Duration::ZERO,
            rate: 1.0,
        }
    }

    /// More or less by up to this much; never less than no time.
    #[must_use]
    pub const fn with_spread(mut self, spread: Duration) -> Stall {
        self.spread = spread;
        self
    }

    /// At this part of the chunks. What is not a number from 0 to 1 is refused when the condition is
    /// started.
    #[must_use]
    pub fn at_rate(mut self, rate: impl Into<f64>) -> Stall {
        self.rate = rate.into();
        self
    }

    pub(crate) fn check(&self) -> Result<(), ConditionError> {
        fraction("a rate", self.rate)
    }
}

impl fmt::Display for Stall {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "stall for {}", Spoken(self.time))?;
        if !self.spread.is_zero() {
            write!(formatter, " ± {}", Spoken(self.spread))?;
        }
        write!(formatter, " at a rate of {}", self.rate)
    }
}
