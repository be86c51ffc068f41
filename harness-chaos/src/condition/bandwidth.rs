//! So many octets a second.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::time::Instant;

use super::{ConditionError, finite_rate};
use crate::wording::counted;

/// So many octets a second pass, and no more; the sender is held up behind them.
///
/// Octets leave in pieces of a fiftieth of a second, and of one octet at least. After a silence
/// nothing passes quicker, unless there is a burst.
///
/// ```
/// use harness_chaos::Bandwidth;
///
/// let narrow = Bandwidth::octets_per_second(1000.0).shared();
/// assert_eq!(narrow.to_string(), "pass at 1000 octets a second, all connections together");
/// ```
#[derive(Clone, Debug)]
pub struct Bandwidth {
    pub(crate) rate: f64,
    pub(crate) burst: u64,
    pub(crate) shared: Option<Line>,
}

/// When a line is free again; `None` when it has not been used yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line(Arc<Mutex<Option<Instant>>>);

impl Line {
    /// Changes when it is free again, and says when that is.
    pub(crate) fn book(&self, change: impl FnOnce(Option<Instant>) -> Instant) -> Instant {
        let mut free = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let moment = change(*free);
        *free = Some(moment);
        moment
    }
}

impl Bandwidth {
    /// So many octets a second on each connection. What is not a finite number above zero is refused
    /// when the condition is started.
    #[must_use]
    pub fn octets_per_second(rate: impl Into<f64>) -> Bandwidth {
        Bandwidth {
            rate: rate.into(),
            burst: 0,
            shared: None,
        }
    }

    /// After a silence so many octets pass at once. Without this, none.
    #[must_use]
    pub const fn with_burst(mut self, octets: u64) -> Bandwidth {
        self.burst = octets;
        self
    }

    /// All connections together have this bandwidth, instead of each.
    #[must_use]
    pub fn shared(mut self) -> Bandwidth {
        self.shared = Some(Line::default());
        self
    }

    pub(crate) fn check(&self) -> Result<(), ConditionError> {
        finite_rate(self.rate)
    }
}

impl fmt::Display for Bandwidth {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "pass at {} octets a second", self.rate)?;
        if self.burst > 0 {
            write!(formatter, ", {} at once", counted(self.burst, "octet"))?;
        }
        if self.shared.is_some() {
            formatter.write_str(", all connections together")?;
        }
        Ok(())
    }
}
