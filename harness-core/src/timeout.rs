//! [`Timeout`]: one deadline that many waits share.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::time::Instant;

/// The longest timeout that is told apart from a longer one; about thirty years.
const LONGEST: Duration = Duration::from_secs(30 * 365 * 24 * 3600);

/// A deadline that starts counting on first use and that all its clones share.
///
/// Several waits, or several actions, that are given clones of one timeout must all be done
/// within it. The clock is tokio's monotonic one, so changes of the wall clock have no influence
/// and a paused clock works. Zero means: look once at what is already there, do not wait.
///
/// ```
/// use harness_core::Timeout;
///
/// let timeout = Timeout::seconds(30);
/// assert!(!timeout.is_started());
/// let same_deadline = timeout.clone();
/// timeout.start();
/// assert!(same_deadline.is_started());
/// assert!(Timeout::try_seconds(-1.0).is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Timeout {
    initial: Duration,
    deadline: Arc<OnceLock<Instant>>,
}

/// A number of seconds that no timeout can have.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("a timeout of {seconds} s is impossible: give a finite number of seconds, zero or more")]
pub struct TimeoutError {
    seconds: f64,
}

impl Timeout {
    /// A timeout that has not started yet. More than thirty years is cut to thirty years.
    pub fn new(duration: Duration) -> Self {
        Self {
            initial: duration.min(LONGEST),
            deadline: Arc::new(OnceLock::new()),
        }
    }

    /// A timeout that looks once at what is already there.
    pub fn zero() -> Self {
        Self::new(Duration::ZERO)
    }

    /// A timeout of that many seconds, for numbers written in a test.
    ///
    /// # Panics
    ///
    /// At the caller's line, when the number is negative, infinite or not a number. For numbers
    /// that come from elsewhere there is [`Timeout::try_seconds`].
    #[track_caller]
    pub fn seconds(seconds: impl Into<f64>) -> Self {
        match Self::try_seconds(seconds) {
            Ok(timeout) => timeout,
            Err(error) => panic!("{error}"),
        }
    }

    /// A timeout of that many seconds.
    ///
    /// # Errors
    ///
    /// When the number is negative, infinite or not a number.
    pub fn try_seconds(seconds: impl Into<f64>) -> Result<Self, TimeoutError> {
        let seconds = seconds.into();
        if !seconds.is_finite() || seconds < 0.0 {
            return Err(TimeoutError { seconds });
        }
        Ok(Self::new(
            Duration::try_from_secs_f64(seconds).unwrap_or(LONGEST),
        ))
    }

    /// Starts the clock, unless it runs already, and gives the deadline.
    pub fn start(&self) -> Instant {
        *self.deadline.get_or_init(|| Instant::now() + self.initial)
    }

    /// Whether the clock runs.
    pub fn is_started(&self) -> bool {
        self.deadline.get().is_some()
    }

    /// The whole length, as made.
    pub fn initial(&self) -> Duration {
        self.initial
    }

    /// The moment at which it ends, once started.
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline.get().copied()
    }

    /// What is left; the whole length when not started, zero when over.
    pub fn remaining(&self) -> Duration {
        match self.deadline.get() {
            Some(deadline) => deadline.saturating_duration_since(Instant::now()),
            None => self.initial,
        }
    }

    /// Whether nothing is left. A timeout that has not started has expired only if it is zero.
    pub fn has_expired(&self) -> bool {
        self.remaining().is_zero()
    }
}

impl From<Duration> for Timeout {
    fn from(duration: Duration) -> Self {
        Self::new(duration)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn counts_from_the_first_start_only() {
        let timeout = Timeout::seconds(10);
        advance(Duration::from_secs(5)).await;
        assert_eq!(timeout.remaining(), Duration::from_secs(10));
        timeout.start();
        advance(Duration::from_secs(4)).await;
        timeout.start();
        assert_eq!(timeout.remaining(), Duration::from_secs(6));
        assert_eq!(timeout.initial(), Duration::from_secs(10));
    }

    #[tokio::test(start_paused = true)]
    async fn clones_share_the_deadline() {
        let timeout = Timeout::seconds(10);
        let other = timeout.clone();
        other.start();
        advance(Duration::from_secs(11)).await;
        assert!(timeout.has_expired());
        assert_eq!(timeout.remaining(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn zero_has_expired_from_the_beginning() {
        assert!(Timeout::zero().has_expired());
        assert!(!Timeout::seconds(1).has_expired());
    }

    #[test]
    fn impossible_numbers_are_refused() {
        for seconds in [
            -1.0,
            -f64::MIN_POSITIVE,
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
        ] {
            let error = Timeout::try_seconds(seconds).unwrap_err();
            assert!(error.to_string().contains("impossible"), "{error}");
        }
    }

    #[test]
    #[should_panic(expected = "a timeout of -3 s is impossible")]
    fn a_negative_literal_panics_where_it_is_written() {
        let _ = Timeout::seconds(-3);
    }

    #[tokio::test(start_paused = true)]
    async fn the_longest_durations_do_not_overflow() {
        Timeout::new(Duration::MAX).start();
        Timeout::seconds(f64::MAX).start();
    }

    proptest! {
        #[test]
        fn finite_seconds_keep_their_length(seconds in 0.0f64..1e8) {
            let timeout = Timeout::try_seconds(seconds).unwrap();
            prop_assert!((timeout.initial().as_secs_f64() - seconds).abs() < 1e-6);
        }

        #[test]
        fn remaining_never_grows(total in 0u64..100, steps in proptest::collection::vec(0u64..40, 0..6)) {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_time().start_paused(true).build().unwrap();
            runtime.block_on(async {
                let timeout = Timeout::new(Duration::from_secs(total));
                timeout.start();
                let mut gone = 0;
                for step in steps {
                    advance(Duration::from_secs(step)).await;
                    gone += step;
                    assert_eq!(timeout.remaining(), Duration::from_secs(total.saturating_sub(gone)));
                }
            });
        }
    }
}
