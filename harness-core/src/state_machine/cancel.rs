//! Calling off a navigation.

use tokio::sync::watch;

/// Calls off the navigations of a state machine that was given it by
/// [`cancelled_by`](super::StateMachine::cancelled_by), and then tells where they stopped.
///
/// Clones share the request, which is never taken back. Dropping the future of a navigation stops
/// it just as well, but there is nobody left to tell what was under way.
///
/// ```
/// use harness_core::state_machine::Cancel;
///
/// let cancel = Cancel::new();
/// let same = cancel.clone();
/// cancel.cancel();
/// assert!(same.is_cancelled());
/// ```
#[derive(Clone, Debug)]
pub struct Cancel(watch::Sender<bool>);

impl Cancel {
    /// Nothing is called off yet.
    #[must_use]
    pub fn new() -> Cancel {
        Cancel(watch::Sender::new(false))
    }

    /// Calls off what listens.
    pub fn cancel(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was called off.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns when it is called off, at once if it was.
    pub async fn cancelled(&self) {
        let mut receiver = self.0.subscribe();
        // The sender lives as long as `self`, so this can not fail.
        let _ = receiver.wait_for(|cancelled| *cancelled).await;
    }

    /// What the work gives, or `None` if it was called off before it was done.
    pub(super) async fn unless_cancelled<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.cancelled() => None,
            done = work => Some(done),
        }
    }
}

impl Default for Cancel {
    fn default() -> Cancel {
        Cancel::new()
    }
}
