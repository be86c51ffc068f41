//! Reading on from a mark.

use std::collections::VecDeque;
use std::fmt::{self, Debug, Formatter};

use tokio::sync::watch;

use super::{Entry, Journal};

/// Gives every entry after a mark once, in order, waiting for those to come.
///
/// What it has not given yet is kept for it, however slow it is; it delays nobody.
pub struct Follower {
    journal: Journal,
    /// Entries taken from the record and not given yet.
    buffer: VecDeque<Entry>,
    /// The first entry not taken yet; pinned.
    position: u64,
    grown: watch::Receiver<()>,
}

impl Follower {
    pub(super) fn new(journal: Journal, position: u64, grown: watch::Receiver<()>) -> Self {
        Self {
            journal,
            buffer: VecDeque::new(),
            position,
            grown,
        }
    }

    /// The next entry. Cancel-safe: an entry is either given or still to come.
    pub async fn next(&mut self) -> Entry {
        loop {
            // before looking, so that what is appended after the look wakes us
            self.grown.mark_unchanged();
            if let Some(entry) = self.try_next() {
                return entry;
            }
            if self.grown.changed().await.is_err() {
                // the sender lives in the journal we hold; should it ever go, nothing can come
                std::future::pending::<()>().await;
            }
        }
    }

    /// The next entry, if it is already there.
    pub fn try_next(&mut self) -> Option<Entry> {
        if self.buffer.is_empty() {
            // a piece of the record at a time
            self.position = self.journal.take_from(self.position, &mut self.buffer);
        }
        self.buffer.pop_front()
    }

    /// The next entry, if it is already there and its number is below `end`.
    pub(crate) fn try_next_before(&mut self, end: u64) -> Option<Entry> {
        let next = self.position - self.buffer.len() as u64;
        if next < end { self.try_next() } else { None }
    }
}

impl Debug for Follower {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Follower")
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.journal.unpin(self.position);
    }
}
