//! What has passed in one direction.

use std::fmt;
use std::ops::AddAssign;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed, Ordering::SeqCst};

use crate::wording::counted;

/// What has passed in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct FlowCounts {
    /// Octets that came from the sender.
    pub received: u64,
    /// Octets that were passed on.
    pub sent: u64,
    /// Octets that a condition has taken out.
    pub swallowed: u64,
    /// In how many reads they came.
    pub chunks: u64,
}

impl FlowCounts {
    /// Octets that have come and not gone on yet, as a condition holds them back or the reader does not
    /// read. A condition that changes the number of octets makes this wrong.
    #[must_use]
    pub const fn held(&self) -> u64 {
        self.received
            .saturating_sub(self.sent)
            .saturating_sub(self.swallowed)
    }
}

impl AddAssign for FlowCounts {
    fn add_assign(&mut self, more: FlowCounts) {
        self.received += more.received;
        self.sent += more.sent;
        self.swallowed += more.swallowed;
        self.chunks += more.chunks;
    }
}

impl fmt::Display for FlowCounts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let received = counted(self.received, "octet");
        let chunks = counted(self.chunks, "chunk");
        write!(formatter, "{received} in {chunks}, {} passed on", self.sent)?;
        match self.swallowed {
            0 => Ok(()),
            swallowed => write!(formatter, ", {swallowed} swallowed"),
        }
    }
}

/// What passes in one direction, while it does.
#[derive(Debug, Default)]
pub(crate) struct Flow {
    received: AtomicU64,
    sent: AtomicU64,
    swallowed: AtomicU64,
    chunks: AtomicU64,
}

impl Flow {
    pub(super) fn received(&self, octets: u64) {
        self.received.fetch_add(octets, Relaxed);
        self.chunks.fetch_add(1, Relaxed);
    }

    pub(super) fn sent(&self, octets: u64) {
        // whoever waits looks at what was sent and swallowed after it has said that it waits
        self.sent.fetch_add(octets, SeqCst);
    }

    pub(super) fn swallowed(&self, octets: u64) {
        self.swallowed.fetch_add(octets, SeqCst);
    }

    pub(crate) fn counts(&self) -> FlowCounts {
        FlowCounts {
            received: self.received.load(Relaxed),
            sent: self.sent.load(SeqCst),
            swallowed: self.swallowed.load(SeqCst),
            chunks: self.chunks.load(Relaxed),
        }
    }
}
