//! Guards that end faults of the wire.

use std::sync::Arc;

use crate::wire::{EventFaultId, Line};

/// Keeps a fault of events going; dropping it ends the fault, and what is held up arrives at once.
#[derive(Debug)]
#[must_use = "dropping the guard ends the fault"]
pub struct EventFaultGuard {
    line: Arc<Line>,
    id: Option<EventFaultId>,
}

impl EventFaultGuard {
    pub(crate) const fn new(line: Arc<Line>, id: EventFaultId) -> EventFaultGuard {
        EventFaultGuard { line, id: Some(id) }
    }

    /// Lets the fault go on for good, or until it is used up.
    pub fn forget(mut self) {
        self.id = None;
    }
}

impl Drop for EventFaultGuard {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.line.events().end(id);
        }
    }
}

/// Keeps a device from answering; dropping it lets the device answer what it was asked meanwhile,
/// whether anybody still waits for it or not.
#[derive(Debug)]
#[must_use = "dropping the guard lets the device answer again"]
pub struct SilenceGuard {
    line: Arc<Line>,
    forgotten: bool,
}

impl SilenceGuard {
    pub(crate) fn new(line: Arc<Line>) -> SilenceGuard {
        line.silence().begin();
        SilenceGuard {
            line,
            forgotten: false,
        }
    }

    /// Leaves the device silent for good.
    pub fn forget(mut self) {
        self.forgotten = true;
    }
}

impl Drop for SilenceGuard {
    fn drop(&mut self) {
        if !self.forgotten {
            self.line.silence().end();
        }
    }
}
