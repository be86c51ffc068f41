//! Everything comes later.

use std::fmt;
use std::time::Duration;

use crate::wording::Spoken;

/// Everything comes later by the same time, in order, and no fewer octets a second pass: what is sent
/// 20 ms apart arrives 20 ms apart.
///
/// With jitter each chunk has a delay of its own, drawn evenly from the whole range; none overtakes
/// another, so one that is drawn short comes right behind the one before it. The end of the stream is
/// delayed too. 64 MiB can be on their way at most; then the sender is held up.
///
/// ```
/// use std::time::Duration;
///
/// use harness_chaos::Delay;
///
/// let delay = Delay::of(Duration::from_millis(200)).with_jitter(Duration::from_millis(50));
/// assert_eq!(delay.to_string(), "are delayed by 200 ms ± 50 ms");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Delay {
    pub(crate) delay: Duration,
    pub(crate) jitter: Duration,
}

impl Delay {
    /// A delay of this much.
    #[must_use]
    pub const fn of(delay: Duration) -> Delay {
        Delay {
            delay,
            jitter: Duration::ZERO,
        }
    }

    /// More or less by up to this much; never less than no delay.
    #[must_use]
    pub const fn with_jitter(mut self, jitter: Duration) -> Delay {
        self.jitter = jitter;
        self
    }
}

impl fmt::Display for Delay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "are delayed by {}", Spoken(self.delay))?;
        if !self.jitter.is_zero() {
            write!(formatter, " ± {}", Spoken(self.jitter))?;
        }
        Ok(())
    }
}
