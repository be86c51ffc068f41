//! How patient the client is with a server's events.

use std::time::Duration;

/// The times by which a client watches its event connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventOptions {
    pub(crate) heartbeat_timeout: Duration,
    pub(crate) renewal_period: Duration,
    pub(crate) retry_pause: Duration,
    pub(crate) longest_retry_pause: Duration,
    pub(crate) reminder_period: Duration,
}

/// Longer times count as this one: a century, which no clock overflows at.
const FOR_EVER: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

impl Default for EventOptions {
    /// 20 s without a heartbeat (servers send one every 9 s), renewal every 200 s (servers forget
    /// a subscription after 600 s), a new attempt after 0.1 s, then twice as long up to 2 s, and a
    /// reminder that it is still lost every 10 s.
    fn default() -> Self {
        Self {
            heartbeat_timeout: Duration::from_secs(20),
            renewal_period: Duration::from_secs(200),
            retry_pause: Duration::from_millis(100),
            longest_retry_pause: Duration::from_secs(2),
            reminder_period: Duration::from_secs(10),
        }
    }
}

impl EventOptions {
    /// How long a server may be silent before its events count as lost.
    #[must_use]
    pub fn with_heartbeat_timeout(mut self, timeout: Duration) -> Self {
        self.heartbeat_timeout = timeout.min(FOR_EVER);
        self
    }

    /// How often a subscription is confirmed to the server.
    #[must_use]
    pub fn with_renewal_period(mut self, period: Duration) -> Self {
        self.renewal_period = period.min(FOR_EVER);
        self
    }

    /// How often a subscription that does not come back says so.
    #[must_use]
    pub fn with_reminder_period(mut self, period: Duration) -> Self {
        self.reminder_period = period;
        self
    }

    /// The pause after the first failed attempt to come back, and the longest one; each pause is
    /// twice the one before.
    #[must_use]
    pub fn with_retry_pauses(mut self, first: Duration, longest: Duration) -> Self {
        self.retry_pause = first.min(FOR_EVER);
        self.longest_retry_pause = longest.min(FOR_EVER);
        self
    }
}
