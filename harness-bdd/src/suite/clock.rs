//! When things happened, on the clock of the record.

use harness_core::Journal;
use tokio::time::Instant;

/// The journal's clock and count, or a clock that starts now where there is no journal.
#[derive(Debug)]
pub(super) struct Clock {
    journal: Option<Journal>,
    started: Instant,
}

impl Clock {
    pub(super) fn new(journal: Option<Journal>) -> Self {
        let started = journal.as_ref().map_or_else(Instant::now, Journal::started);
        Self { journal, started }
    }

    /// Seconds since the clock was started.
    pub(super) fn seconds(&self) -> f64 {
        self.started.elapsed().as_secs_f64()
    }

    /// The number of the journal's next entry.
    pub(super) fn next_sequence(&self) -> Option<u64> {
        self.journal.as_ref().map(Journal::next_sequence)
    }
}
