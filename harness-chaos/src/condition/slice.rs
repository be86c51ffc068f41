//! Pieces of what was sent at once.

use std::fmt;
use std::time::Duration;

use super::ConditionError;
use crate::wording::{Spoken, counted};

/// What was sent at once arrives in pieces.
///
/// Between two pieces there is a pause of 1 ms, so that the reader sees them; without a pause the kernels
/// may put them together again.
///
/// ```
/// use harness_chaos::Slice;
///
/// assert_eq!(Slice::into(2).to_string(), "arrive in pieces of 2 octets, 1 ms apart");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    pub(crate) size: u64,
    pub(crate) variation: u64,
    pub(crate) pause: Duration,
}

impl Slice {
    /// Pieces of so many octets; none at all are refused when the condition is started.
    #[must_use]
    pub const fn into(size: u64) -> Slice {
        Slice {
            size,
            variation: 0,
            pause: Duration::from_millis(1),
        }
    }

    /// Pieces larger or smaller by up to so many octets, by chance; never smaller than one.
    #[must_use]
    pub const fn with_variation(mut self, octets: u64) -> Slice {
        self.variation = octets;
        self
    }

    /// This much time between two pieces. Without this, 1 ms.
    #[must_use]
    pub const fn with_pause(mut self, pause: Duration) -> Slice {
        self.pause = pause;
        self
    }

    pub(crate) const fn check(&self) -> Result<(), ConditionError> {
        match self.size {
            0 => Err(ConditionError::NoPieces),
            _ => Ok(()),
        }
    }
}

impl fmt::Display for Slice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.variation {
            0 => {
                let size = counted(self.size, "octet");
                write!(formatter, "arrive in pieces of {size}")?;
            }
            more => write!(
                formatter,
                "arrive in pieces of {} ± {more} octets",
                self.size
            )?,
        }
        match self.pause.is_zero() {
            true => Ok(()),
            false => write!(formatter, ", {} apart", Spoken(self.pause)),
        }
    }
}
