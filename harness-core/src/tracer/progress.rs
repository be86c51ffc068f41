//! Long waits made visible: what is reported, and to whom.

use std::time::Duration;

use tracing::field::display;

/// The target of the `tracing` events about long waits, for filters.
pub const PROGRESS_TARGET: &str = "harness_core::progress";

/// Is told about once a second what a wait is waiting for; closures `Fn(&Progress)` are observers.
pub trait ProgressObserver: Send + Sync {
    /// Takes one report. Must not block; a panic is told on stderr and disturbs nothing else.
    fn report(&self, progress: &Progress);
}

impl<F: Fn(&Progress) + Send + Sync> ProgressObserver for F {
    fn report(&self, progress: &Progress) {
        self(progress);
    }
}

/// Where a wait stands.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Progress {
    /// The name of the action that waits.
    pub action: String,
    /// What is still awaited; empty in the last report, when the wait is over.
    pub awaited: Vec<String>,
    /// How long the wait has taken so far.
    pub waited: Duration,
    /// How long is left until the timeout; `None` when no timeout runs, as while the first command
    /// of an action is being answered.
    pub remaining: Option<Duration>,
}

impl Progress {
    /// Whether this is the last report of the wait, which ended well or badly.
    pub fn is_over(&self) -> bool {
        self.awaited.is_empty()
    }

    /// What is awaited, in one line: the first of it, and how much more there is.
    ///
    /// Empty when the wait is over.
    pub fn summary(&self) -> String {
        match self.awaited.as_slice() {
            [] => String::new(),
            [only] => only.clone(),
            [first, others @ ..] => format!("{first} and {} more", others.len()),
        }
    }

    /// Tells `tracing`.
    pub(super) fn trace(&self) {
        let waited = whole_seconds(self.waited);
        if self.is_over() {
            tracing::info!(
                target: PROGRESS_TARGET,
                action = %self.action,
                %waited,
                "the wait is over"
            );
            return;
        }
        let awaited = self.awaited.join(", ");
        let left = self.remaining.map(whole_seconds).map(display);
        tracing::info!(
            target: PROGRESS_TARGET,
            action = %self.action,
            %awaited,
            %waited,
            left,
            "waiting"
        );
    }
}

/// Nobody reads milliseconds of a wait that lasts.
fn whole_seconds(duration: Duration) -> humantime::FormattedDuration {
    let rounded = duration + Duration::from_millis(500);
    humantime::format_duration(Duration::from_secs(rounded.as_secs()))
}
