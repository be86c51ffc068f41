//! Long waits made visible.

use std::time::Duration;

/// Is told about once a second what a wait is waiting for; closures `Fn(&Progress)` are observers.
pub trait ProgressObserver: Send + Sync {
    /// Takes one report. Must not block.
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
    /// How long is left until the timeout.
    pub remaining: Duration,
}

impl Progress {
    /// Whether this is the last report of the wait, which ended well or badly.
    pub fn is_over(&self) -> bool {
        self.awaited.is_empty()
    }
}
