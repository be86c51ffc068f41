//! What bounds a step: its time limit, and the user's wish to stop.

use std::time::Duration;

use tokio::sync::watch;

/// A request to end a run early, for example by Ctrl-C. Clones share it.
///
/// The step that is running ends at once, the scenario's tear-down is still done, and the
/// scenarios that follow aren't begun.
#[derive(Clone, Debug)]
pub struct Stop(watch::Sender<bool>);

impl Stop {
    /// Nothing is asked for yet.
    pub fn new() -> Self {
        Self(watch::Sender::new(false))
    }

    /// Asks the run to end.
    pub fn request(&self) {
        self.0.send_replace(true);
    }

    /// Whether the run was asked to end.
    pub fn is_requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when the run is asked to end.
    pub async fn requested(&self) {
        let mut receiver = self.0.subscribe();
        // The sender lives as long as `self`, so this can't fail.
        let _ = receiver.wait_for(|requested| *requested).await;
    }
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}

/// What a step, or a scenario's set-up, says when it ended because the run was asked to.
pub(crate) const STOPPED: &str = "stopped: the run was asked to end";

/// What bounds the steps of a run. The suite sets it around the whole run.
#[derive(Clone, Debug)]
pub struct StepLimits {
    /// The longest time that a step may take, whatever it waits for.
    pub deadline: Duration,
    /// Ends the running step.
    pub stop: Stop,
}

impl StepLimits {
    /// Time limit of a step if nothing else is said: 5 minutes. A net for steps that forgot their
    /// own timeout, therefore longer than any wait that a telescope's configuration asks for.
    pub const DEFAULT_DEADLINE: Duration = Duration::from_secs(300);
}

impl Default for StepLimits {
    fn default() -> Self {
        Self {
            deadline: Self::DEFAULT_DEADLINE,
            stop: Stop::new(),
        }
    }
}

tokio::task_local! {
    // Cucumber's steps are plain function pointers and can't capture anything; what they share in a
    // run comes this way. The suite runs all scenarios in the task that awaits it.
    static LIMITS: StepLimits;
}

/// Runs `future` with `limits` in force for the steps in it.
pub(crate) async fn within<F: Future>(limits: StepLimits, future: F) -> F::Output {
    LIMITS.scope(limits, future).await
}

/// The limits in force, or the default ones outside of a run.
pub(super) fn current() -> StepLimits {
    LIMITS.try_with(Clone::clone).unwrap_or_default()
}
