//! Positions in the record.

use std::fmt::{self, Debug, Formatter};
use std::sync::Arc;

use tokio::time::Instant;

use super::Journal;

/// A position in a [`Journal`]: "from here on".
///
/// As long as a mark or a clone of it lives, all entries after it are kept.
#[derive(Clone)]
pub struct Mark {
    pin: Arc<Pin>,
}

struct Pin {
    journal: Journal,
    sequence: u64,
    instant: Instant,
}

impl Mark {
    pub(super) fn new(journal: Journal, sequence: u64) -> Self {
        Self {
            pin: Arc::new(Pin {
                journal,
                sequence,
                instant: Instant::now(),
            }),
        }
    }

    /// The sequence number of the first entry after the mark.
    pub fn sequence(&self) -> u64 {
        self.pin.sequence
    }

    /// When the mark was made, by the monotonic clock.
    pub fn instant(&self) -> Instant {
        self.pin.instant
    }

    /// The journal it is a position in.
    pub fn journal(&self) -> &Journal {
        &self.pin.journal
    }
}

impl Debug for Mark {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mark").field(&self.pin.sequence).finish()
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        self.journal.unpin(self.sequence);
    }
}
