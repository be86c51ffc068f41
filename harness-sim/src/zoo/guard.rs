//! Taking a planted bug out again.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::wire_fault::EventFaultGuard;

/// Keeps a planted bug in a device; dropping it repairs the device. What the bug has done stays.
#[derive(Debug)]
#[must_use = "dropping the guard repairs the device"]
pub struct BugGuard {
    on: Option<Arc<AtomicBool>>,
    events: Option<EventFaultGuard>,
}

impl BugGuard {
    /// It shows while `on` says so.
    pub(crate) const fn of_program(on: Arc<AtomicBool>) -> BugGuard {
        BugGuard {
            on: Some(on),
            events: None,
        }
    }

    /// It is one of how events are sent.
    pub(crate) const fn of_events(events: EventFaultGuard) -> BugGuard {
        BugGuard {
            on: None,
            events: Some(events),
        }
    }

    /// Leaves the bug in the device for good.
    pub fn forget(mut self) {
        self.on = None;
        if let Some(events) = self.events.take() {
            events.forget();
        }
    }
}

impl Drop for BugGuard {
    fn drop(&mut self) {
        if let Some(on) = &self.on {
            on.store(false, Ordering::Relaxed);
        }
    }
}
