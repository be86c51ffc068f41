//! Chains of states as time passes.

use tokio::time::{Instant, sleep_until};

use super::{ManagedState, UnknownState};

impl ManagedState {
    /// Makes the hops when they are due, for as long as it is polled; it does not end by itself.
    /// Without it, hops that time brings about are made when somebody looks.
    ///
    /// Cancel safe.
    pub async fn walk(&self) {
        let mut changes = self.instance().changes();
        let mut hops = self.hops();
        loop {
            let now = Instant::now();
            let _ = self.state(now);
            while hops.next_made().is_some() {}
            tokio::select! {
                () = sleep_or_pend(self.next_due(now)) => {}
                () = changes.changed() => {}
                _ = hops.next() => {}
            }
        }
    }

    /// Waits until the chain is in a state, or has passed through it since the call; it makes the
    /// hops that are due meanwhile. Waiting is no read that counts. For a deadline, put
    /// [`tokio::time::timeout`] around it.
    ///
    /// Cancel safe.
    ///
    /// # Errors
    ///
    /// [`UnknownState`] at once if the model has no such state.
    pub async fn reached(&self, state: &str) -> Result<(), UnknownState> {
        let state = self.known_state(state)?;
        let mut changes = self.instance().changes();
        let mut hops = self.hops();
        loop {
            let now = Instant::now();
            if self.state(now) == state {
                return Ok(());
            }
            tokio::select! {
                () = sleep_or_pend(self.next_due(now)) => {}
                () = changes.changed() => {}
                hop = hops.next() => if hop.to == state {
                    return Ok(());
                },
            }
        }
    }
}

async fn sleep_or_pend(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => std::future::pending().await,
    }
}
