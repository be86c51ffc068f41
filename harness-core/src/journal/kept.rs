//! What is kept of the record: entries, as long as something needs them.

use std::collections::{BTreeMap, VecDeque};

use tokio::time::Instant;

use super::Entry;
use super::file::FileWriter;

/// How many entries are handed out or let go while the record is locked: some microseconds' worth.
pub(super) const PIECE: usize = 512;

/// The entries kept, who needs them, and where they are written to.
#[derive(Default)]
pub(super) struct Kept {
    /// The entries kept, with consecutive sequence numbers.
    pub(super) entries: VecDeque<Entry>,
    /// The sequence number of the next entry.
    pub(super) next: u64,
    /// How many marks and followers need the entries from a sequence number on.
    pins: BTreeMap<u64, usize>,
    /// When the commands among the entries kept were sent, by sequence number.
    pub(super) commands: VecDeque<(u64, Instant)>,
    pub(super) file: Option<FileWriter>,
}

impl Kept {
    pub(super) fn pin(&mut self, sequence: u64) {
        *self.pins.entry(sequence).or_insert(0) += 1;
    }

    pub(super) fn unpin(&mut self, sequence: u64) {
        if let Some(count) = self.pins.get_mut(&sequence) {
            *count -= 1;
            if *count == 0 {
                self.pins.remove(&sequence);
            }
        }
    }

    /// How many of the oldest entries nothing needs any more.
    fn surplus(&self, retention: usize) -> usize {
        let beyond = self.entries.len().saturating_sub(retention);
        if beyond == 0 {
            return 0;
        }
        let Some((&needed, _)) = self.pins.first_key_value() else {
            return beyond;
        };
        let unneeded = needed.saturating_sub(self.first());
        beyond.min(usize::try_from(unneeded).unwrap_or(usize::MAX))
    }

    /// Lets the oldest entry go if nothing needs it: enough after one was appended.
    pub(super) fn let_one_go(&mut self, retention: usize) -> Option<Entry> {
        if self.surplus(retention) == 0 {
            return None;
        }
        let gone = self.entries.pop_front();
        self.forget_commands();
        gone
    }

    /// Lets entries go that nothing needs, a piece of them at most; the caller drops them.
    pub(super) fn let_go(&mut self, retention: usize) -> Vec<Entry> {
        let count = self.surplus(retention).min(PIECE);
        let gone: Vec<_> = self.entries.drain(..count).collect();
        self.forget_commands();
        let usual = self.entries.len().max(retention);
        if count < PIECE && self.entries.capacity() / 8 > usual {
            // a burst is over: its room is given back, too
            self.entries.shrink_to(2 * usual);
        }
        gone
    }

    fn forget_commands(&mut self) {
        let first = self.first();
        while self.commands.front().is_some_and(|(at, _)| *at < first) {
            self.commands.pop_front();
        }
    }

    /// The sequence number of the oldest entry kept, or else of the next one.
    fn first(&self) -> u64 {
        let oldest = self.entries.front();
        oldest.map_or(self.next, |entry| entry.sequence)
    }

    /// The entries kept from `sequence` on; sequence numbers are consecutive, so none is searched.
    pub(super) fn from(&self, sequence: u64) -> impl Iterator<Item = &Entry> {
        let skip = usize::try_from(sequence.saturating_sub(self.first())).unwrap_or(usize::MAX);
        self.entries.range(skip.min(self.entries.len())..)
    }
}
