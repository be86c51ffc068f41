//! Datagrams that come twice.

use std::fmt;

use crate::condition::{ConditionError, fraction};

/// Datagrams come twice, one right behind the other.
///
/// ```
/// use harness_chaos::Duplicate;
///
/// assert_eq!(Duplicate::of(0.5).to_string(), "come twice, 50 % of the datagrams");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Duplicate {
    pub(crate) rate: f64,
}

impl Duplicate {
    /// This part of them. What is not a number from 0 to 1 is refused when the condition is started.
    #[must_use]
    pub fn of(rate: impl Into<f64>) -> Duplicate {
        Duplicate { rate: rate.into() }
    }

    pub(super) fn check(self) -> Result<(), ConditionError> {
        fraction("a part of the datagrams", self.rate)
    }
}

impl fmt::Display for Duplicate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "come twice, {} % of the datagrams",
            self.rate * 100.0
        )
    }
}
