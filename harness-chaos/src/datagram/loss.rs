//! Datagrams that get lost.

use std::fmt;

use crate::condition::{ConditionError, fraction};

/// Datagrams get lost, by chance or all.
///
/// ```
/// use harness_chaos::Loss;
///
/// assert_eq!(Loss::of(0.25).to_string(), "get lost, 25 % of the datagrams");
/// assert_eq!(Loss::all().to_string(), "get lost");
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loss {
    pub(crate) rate: f64,
}

impl Loss {
    /// This part of them. What is not a number from 0 to 1 is refused when the condition is started.
    #[must_use]
    pub fn of(rate: impl Into<f64>) -> Loss {
        Loss { rate: rate.into() }
    }

    /// All of them.
    #[must_use]
    pub const fn all() -> Loss {
        Loss { rate: 1.0 }
    }

    pub(super) fn check(self) -> Result<(), ConditionError> {
        fraction("a part of the datagrams", self.rate)
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("get lost")?;
        match self.rate < 1.0 {
            true => write!(formatter, ", {} % of the datagrams", self.rate * 100.0),
            false => Ok(()),
        }
    }
}
