//! The task that turns the clock of a subarray.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::subarray::SimulatedSubarray;

/// A subarray and the bell that tells its driver of something earlier to wait for, or of the end.
#[derive(Debug)]
pub(super) struct Shared {
    subarray: Mutex<SimulatedSubarray>,
    bell: Arc<Notify>,
}

impl Shared {
    pub(super) fn new(subarray: SimulatedSubarray) -> Shared {
        Shared {
            subarray: Mutex::new(subarray),
            bell: Arc::new(Notify::new()),
        }
    }

    /// Does something with the subarray, at the present time.
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut SimulatedSubarray, Instant) -> T) -> T {
        // a panic elsewhere has left the subarray as it was between two steps
        let mut subarray = self.subarray.lock().unwrap_or_else(PoisonError::into_inner);
        let before = subarray.next_due();
        let done = act(&mut subarray, Instant::now());
        let after = subarray.next_due();
        drop(subarray);
        if after.is_some_and(|after| before.is_none_or(|before| after < before)) {
            self.bell.notify_one();
        }
        done
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.bell.notify_one();
    }
}

/// Advances the subarray whenever something is due, until nobody holds it any more.
///
/// No timer runs while nothing is due.
pub(super) async fn drive(subarray: Weak<Shared>) {
    loop {
        // held for this moment only: while the driver sleeps it must not keep the subarray alive
        let look = subarray.upgrade().map(|shared| {
            let due = shared.with(|subarray, now| {
                subarray.advance(now);
                subarray.next_due()
            });
            (due, Arc::clone(&shared.bell))
        });
        let Some((due, bell)) = look else {
            return;
        };
        match due {
            None => bell.notified().await,
            Some(due) => {
                tokio::select! {
                    () = bell.notified() => {}
                    () = sleep_until(due) => {}
                }
            }
        }
    }
}
