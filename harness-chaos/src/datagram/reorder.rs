//! Datagrams that are overtaken.

use std::fmt;
use std::time::Duration;

use crate::condition::{ConditionError, fraction};
use crate::wording::counted;

/// Datagrams are overtaken by later ones.
///
/// One that is to be overtaken waits for 100 ms at most; when nothing comes in this time, it goes on alone.
///
/// ```
/// use harness_chaos::Reorder;
///
/// assert_eq!(
///     Reorder::of(0.1).by(3).to_string(),
///     "are overtaken by 3 later ones, 10 % of the datagrams",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reorder {
    pub(crate) rate: f64,
    pub(crate) behind: u32,
    pub(crate) patience: Duration,
}

impl Reorder {
    /// This part of them, each by the next one that is not overtaken itself. What is not a number from 0 to
    /// 1 is refused when the condition is started.
    #[must_use]
    pub fn of(rate: impl Into<f64>) -> Reorder {
        Reorder {
            rate: rate.into(),
            behind: 1,
            patience: Duration::from_millis(100),
        }
    }

    /// By so many later ones; zero is taken as one.
    #[must_use]
    pub const fn by(mut self, later_ones: u32) -> Reorder {
        self.behind = later_ones;
        self
    }

    /// What has waited for this long goes on, whatever comes. Without this, 100 ms.
    #[must_use]
    pub const fn at_most_for(mut self, patience: Duration) -> Reorder {
        self.patience = patience;
        self
    }

    pub(super) fn check(self) -> Result<(), ConditionError> {
        fraction("a part of the datagrams", self.rate)
    }
}

impl fmt::Display for Reorder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let behind = counted(u64::from(self.behind.max(1)), "later one");
        write!(
            formatter,
            "are overtaken by {behind}, {} % of the datagrams",
            self.rate * 100.0
        )
    }
}
