//! An end of the stream that comes late.

use std::fmt;
use std::time::Duration;

use crate::wording::Spoken;

/// The end of the stream, which a side sends when it closes, comes late or never; octets pass at
/// once.
///
/// Only an end in good order is meant: a reset passes.
///
/// ```
/// use std::time::Duration;
///
/// use harness_chaos::LateEnd;
///
/// assert_eq!(LateEnd::by(Duration::from_secs(2)).to_string(), "end 2 s late");
/// assert_eq!(LateEnd::never().to_string(), "never end");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LateEnd {
    pub(crate) delay: Option<Duration>,
}

impl LateEnd {
    /// Late by this much.
    #[must_use]
    pub const fn by(delay: Duration) -> LateEnd {
        LateEnd { delay: Some(delay) }
    }

    /// Not before the condition ends.
    #[must_use]
    pub const fn never() -> LateEnd {
        LateEnd { delay: None }
    }
}

impl fmt::Display for LateEnd {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.delay {
            Some(delay) => write!(formatter, "end {} late", Spoken(delay)),
            None => formatter.write_str("never end"),
        }
    }
}
