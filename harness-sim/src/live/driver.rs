//! The task that turns the clock of a subarray.

use std::sync::{Mutex, PoisonError, Weak};

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::subarray::SimulatedSubarray;

/// A subarray and the bell that tells its driver of something earlier to wait for.
#[derive(Debug)]
pub(super) struct Shared {
    subarray: Mutex<SimulatedSubarray>,
    earlier: Notify,
}

impl Shared {
    pub(super) fn new(subarray: SimulatedSubarray) -> Shared {
        Shared {
            subarray: Mutex::new(subarray),
            earlier: Notify::new(),
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
            self.earlier.notify_one();
        }
        done
    }
}

/// Advances the subarray whenever something is due, until nobody holds it any more.
///
/// No timer runs while nothing is due.
pub(super) async fn drive(subarray: Weak<Shared>) {
    loop {
        let Some(shared) = subarray.upgrade() else {
            return;
        };
        let due = shared.with(|subarray, now| {
            subarray.advance(now);
            subarray.next_due()
        });
        let earlier = shared.earlier.notified();
        match due {
            None => earlier.await,
            Some(due) => {
                tokio::select! {
                    () = earlier => {}
                    () = sleep_until(due) => {}
                }
            }
        }
    }
}
