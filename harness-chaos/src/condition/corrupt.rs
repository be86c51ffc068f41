//! Octets that are not what was sent.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::{ConditionError, fraction};

/// Octets are changed on their way. Their number stays the same, unless words are replaced by longer
/// or shorter ones.
///
/// Which octets are hit depends on their position in the stream only, not on how it is cut into
/// chunks; so a seed hits the same ones again.
///
/// ```
/// use harness_chaos::Corrupt;
///
/// let noise = Corrupt::bits(0.01);
/// assert_eq!(noise.to_string(), "are corrupted, 1 % of the octets");
/// let header = Corrupt::inverted().within(0..4);
/// assert_eq!(header.to_string(), "are corrupted, all bits inverted, octets 0 to 3");
/// let other = Corrupt::replacing("READY", "IDLE!");
/// assert_eq!(other.to_string(), "have \"READY\" replaced by \"IDLE!\"");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Corrupt {
    pub(crate) manner: Manner,
    pub(crate) within: Option<Range<u64>>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Manner {
    Bits { rate: f64 },
    Inverted,
    Replaced { find: Arc<[u8]>, by: Arc<[u8]> },
}

impl Corrupt {
    /// In this part of the octets one bit is flipped, which octet and which bit by chance. What is
    /// not a number from 0 to 1 is refused when the condition is started.
    #[must_use]
    pub fn bits(rate: impl Into<f64>) -> Corrupt {
        Corrupt {
            manner: Manner::Bits { rate: rate.into() },
            within: None,
        }
    }

    /// All bits of all octets are inverted.
    #[must_use]
    pub const fn inverted() -> Corrupt {
        Corrupt {
            manner: Manner::Inverted,
            within: None,
        }
    }

    /// Wherever `find` is in the stream, `by` takes its place; also where it comes in two chunks. What
    /// may be its beginning is held back for 20 ms at most. Of a stream that has nothing of it no octet
    /// is changed.
    #[must_use]
    pub fn replacing(find: impl AsRef<[u8]>, by: impl AsRef<[u8]>) -> Corrupt {
        Corrupt {
            manner: Manner::Replaced {
                find: find.as_ref().into(),
                by: by.as_ref().into(),
            },
            within: None,
        }
    }

    /// Only octets at these positions are changed, counted from where the stream was when the condition
    /// began. What is replaced is replaced everywhere all the same.
    #[must_use]
    pub const fn within(mut self, positions: Range<u64>) -> Corrupt {
        self.within = Some(positions);
        self
    }

    pub(crate) fn check(&self) -> Result<(), ConditionError> {
        match &self.manner {
            Manner::Bits { rate } => fraction("a part of the octets", *rate),
            Manner::Inverted => Ok(()),
            Manner::Replaced { find, .. } if find.is_empty() => {
                Err(ConditionError::NothingToReplace)
            }
            Manner::Replaced { .. } => Ok(()),
        }
    }
}

impl fmt::Display for Corrupt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.manner {
            Manner::Bits { rate } => {
                write!(formatter, "are corrupted, {} % of the octets", rate * 100.0)?;
            }
            Manner::Inverted => formatter.write_str("are corrupted, all bits inverted")?,
            Manner::Replaced { find, by } => {
                let (find, by) = (String::from_utf8_lossy(find), String::from_utf8_lossy(by));
                return write!(formatter, "have {find:?} replaced by {by:?}");
            }
        }
        match &self.within {
            Some(positions) => {
                let last = positions.end.saturating_sub(1);
                write!(formatter, ", octets {} to {last}", positions.start)
            }
            None => Ok(()),
        }
    }
}
