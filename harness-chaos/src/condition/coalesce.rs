//! At once what was sent in pieces.

use std::fmt;
use std::time::Duration;

use super::ConditionError;
use crate::wording::{Spoken, counted};

/// What was sent in pieces arrives at once: octets are kept back until there are enough of them.
///
/// The end of the stream, and the end of the condition, let out what is there.
///
/// ```
/// use std::time::Duration;
///
/// use harness_chaos::Coalesce;
///
/// let lumps = Coalesce::until(10).at_most_for(Duration::from_millis(40));
/// assert_eq!(lumps.to_string(), "are kept back until there are 10 octets, for 40 ms at most");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coalesce {
    pub(crate) octets: u64,
    pub(crate) patience: Option<Duration>,
}

impl Coalesce {
    /// Keeps octets back until there are so many; none at all are refused when the condition is
    /// started.
    #[must_use]
    pub const fn until(octets: u64) -> Coalesce {
        Coalesce {
            octets,
            patience: None,
        }
    }

    /// What has waited for this long comes out all the same. Without this, it waits on.
    #[must_use]
    pub const fn at_most_for(mut self, patience: Duration) -> Coalesce {
        self.patience = Some(patience);
        self
    }

    pub(crate) const fn check(&self) -> Result<(), ConditionError> {
        match self.octets {
            0 => Err(ConditionError::NoPieces),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Coalesce {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let enough = counted(self.octets, "octet");
        let verb = if self.octets == 1 { "is" } else { "are" };
        write!(formatter, "are kept back until there {verb} {enough}")?;
        match self.patience {
            Some(patience) => write!(formatter, ", for {} at most", Spoken(patience)),
            None => Ok(()),
        }
    }
}
