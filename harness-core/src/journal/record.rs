//! The record itself: appended to by many, read on from marks.

use std::collections::VecDeque;
use std::fmt::{self, Debug, Formatter};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use tokio::sync::watch;
use tokio::time::Instant;

use super::file::{FileWriter, JournalError};
use super::kept::{Kept, PIECE};
use super::line::{Header, Words, narrated};
use super::{Entry, EntryKind, Follower, LogLine, Mark, Narrator, Phase};
use crate::event::Event;

/// How many entries are kept when nothing pins older ones.
const RETENTION: usize = 4096;

/// The append-only record of a run; clones are the same record.
///
/// Memory is bounded: entries beyond the last few thousand are let go, except those that a live
/// [`Mark`] still needs. Everything can be written to a file as JSON Lines as it happens.
///
/// ```
/// use harness_core::journal::{EntryKind, Journal};
///
/// let journal = Journal::new();
/// let mark = journal.mark();
/// journal.note("the weather is fine");
/// let entries = journal.since(&mark);
/// assert!(matches!(&*entries[0].kind, EntryKind::Note { text } if text.contains("fine")));
/// ```
#[derive(Clone)]
pub struct Journal {
    shared: Arc<Shared>,
}

struct Shared {
    started: Instant,
    started_wall: SystemTime,
    retention: usize,
    record: Mutex<Kept>,
    grown: watch::Sender<()>,
    words: Words,
}

impl Journal {
    /// An empty journal that keeps its last 4096 entries, and those that marks need.
    pub fn new() -> Self {
        Self::with_retention(RETENTION)
    }

    /// An empty journal that keeps that many entries, and those that marks need.
    pub fn with_retention(entries: usize) -> Self {
        Self {
            shared: Arc::new(Shared {
                started: Instant::now(),
                started_wall: SystemTime::now(),
                retention: entries,
                record: Mutex::default(),
                grown: watch::Sender::new(()),
                words: Words::default(),
            }),
        }
    }

    /// Lets a narrator put entries into words, wherever they are shown to people. The first one
    /// stays: whoever connects to a telescope sets one, and may find it set already.
    #[must_use]
    pub fn with_narrator(self, narrator: impl Narrator + 'static) -> Self {
        let _ = self.shared.words.set(Box::new(narrator));
        self
    }

    /// An entry in the words of the narrator, if there is one and it has any.
    pub fn narrate(&self, entry: &EntryKind) -> Option<String> {
        narrated(&self.shared.words, entry)
    }

    /// Writes the record to a file as JSON Lines: a header, then one entry a line, those still kept
    /// now and all that follow. Beside an entry stands what the narrator says of it. An existing
    /// file is replaced. `docs/journal.md` describes the lines. See [`Journal::write_to`].
    ///
    /// # Errors
    ///
    /// When the file can not be made.
    pub fn write_to_file(&self, path: impl AsRef<Path>) -> Result<(), JournalError> {
        self.write_to(FileWriter::create(path.as_ref())?)
    }

    /// Like [`Journal::write_to_file`], to any writer; it replaces the one before.
    ///
    /// Writing is done by a thread of its own and never delays anyone. Should the writer fall far
    /// behind, entries are left out of it and a line says how many. Call [`Journal::flush`] at the
    /// end of a run.
    ///
    /// # Errors
    ///
    /// When the thread can not be started.
    pub fn write_to(&self, writer: impl Write + Send + 'static) -> Result<(), JournalError> {
        let header = Header::new(self.shared.started_wall);
        let file = FileWriter::start(writer, header, Arc::clone(&self.shared.words))?;
        let mut record = self.record();
        for entry in &record.entries {
            file.write(entry.clone());
        }
        record.file = Some(file);
        Ok(())
    }

    /// Waits until everything recorded so far is written; returns at once without a writer.
    ///
    /// # Errors
    ///
    /// When something could not be written, now or earlier.
    pub async fn flush(&self) -> Result<(), JournalError> {
        let (file, next) = {
            let record = self.record();
            (record.file.clone(), record.next)
        };
        match file {
            Some(file) => file.flush(next).await,
            None => Ok(()),
        }
    }

    /// Appends an entry and gives it back with its number and times.
    pub fn append(&self, kind: EntryKind) -> Entry {
        self.append_at(Instant::now(), SystemTime::now(), kind)
    }

    /// Appends an event, at the time it arrived.
    pub fn append_event(&self, event: Event) -> Entry {
        let waited = event.arrived.elapsed();
        let now = SystemTime::now();
        let wall = now.checked_sub(waited).unwrap_or(now);
        self.append_at(event.arrived, wall, EntryKind::Event(event))
    }

    fn append_at(&self, instant: Instant, wall: SystemTime, kind: EntryKind) -> Entry {
        let kind = Arc::new(kind);
        let (entry, gone) = {
            let mut record = self.record();
            let entry = Entry {
                sequence: record.next,
                at: instant.saturating_duration_since(self.shared.started),
                instant,
                wall,
                kind,
            };
            record.next += 1;
            if let EntryKind::Command { .. } = &*entry.kind {
                record.commands.push_back((entry.sequence, instant));
            }
            if let Some(file) = &record.file {
                file.write(entry.clone());
            }
            record.entries.push_back(entry.clone());
            let gone = record.let_one_go(self.shared.retention);
            (entry, gone)
        };
        // given back to the allocator while nobody waits for the lock
        drop(gone);
        self.shared.grown.send_replace(());
        entry
    }

    /// Appends a note.
    pub fn note(&self, text: impl Into<String>) -> Entry {
        self.append(EntryKind::Note { text: text.into() })
    }

    /// Appends that an action or a step began or ended.
    pub fn step(&self, name: impl Into<Arc<str>>, phase: Phase) -> Entry {
        self.append(EntryKind::Step {
            name: name.into(),
            phase,
        })
    }

    /// Appends a line of a device's log.
    pub fn log(&self, line: LogLine) -> Entry {
        self.append(EntryKind::Log(line))
    }

    /// Appends that something is in a state.
    pub fn state(&self, subject: impl Into<Arc<str>>, state: impl Into<String>) -> Entry {
        self.append(EntryKind::State {
            subject: subject.into(),
            state: state.into(),
        })
    }

    /// Appends that a fault began or ended.
    pub fn fault(&self, description: impl Into<Arc<str>>, phase: Phase) -> Entry {
        self.append(EntryKind::Fault {
            description: description.into(),
            phase,
        })
    }

    /// The present end of the record. Entries after it are kept as long as the mark lives.
    pub fn mark(&self) -> Mark {
        let sequence = {
            let mut record = self.record();
            let next = record.next;
            record.pin(next);
            next
        };
        Mark::new(self.clone(), sequence)
    }

    /// The entries after a mark, copied; [`Journal::read`] gives them without.
    pub fn since(&self, mark: &Mark) -> Vec<Entry> {
        self.read(mark).collect()
    }

    /// The entries that stand after a mark now, one after another. The record is looked at in
    /// pieces, so that nobody who appends is held up, however many they are.
    ///
    /// ```
    /// use harness_core::journal::Journal;
    ///
    /// let journal = Journal::new();
    /// let mark = journal.mark();
    /// journal.note("the weather is fine");
    /// assert_eq!(journal.read(&mark).count(), 1);
    /// ```
    pub fn read(&self, mark: &Mark) -> impl Iterator<Item = Entry> + use<> {
        let end = self.next_sequence();
        let mut follower = self.follow(mark);
        std::iter::from_fn(move || follower.try_next_before(end))
    }

    /// Shows `visitor` each entry that stands after a mark now, without copying it. The record is
    /// locked meanwhile, for a piece of it at a time, so the visitor must be quick and must not
    /// touch the journal.
    pub(crate) fn visit(&self, mark: &Mark, visitor: impl FnMut(&Entry)) {
        self.visit_from(mark.sequence(), visitor);
    }

    /// Like [`visit`](Self::visit), from a sequence number on, which something must pin.
    pub(crate) fn visit_from(&self, sequence: u64, mut visitor: impl FnMut(&Entry)) {
        let end = self.next_sequence();
        let mut at = sequence;
        while at < end {
            let left = usize::try_from(end - at).unwrap_or(usize::MAX);
            let record = self.record();
            record.from(at).take(left.min(PIECE)).for_each(&mut visitor);
            at += PIECE as u64;
        }
    }

    /// Those of the entries with these numbers that are still kept.
    pub(crate) fn pick(&self, sequences: impl IntoIterator<Item = u64>) -> Vec<Entry> {
        let picked = |sequence| self.record().at(sequence).cloned();
        sequences.into_iter().filter_map(picked).collect()
    }

    /// When the first command after a mark was sent, if one was.
    pub(crate) fn first_command_since(&self, mark: &Mark) -> Option<Instant> {
        let record = self.record();
        let commands = &record.commands;
        let first = commands.partition_point(|(sequence, _)| *sequence < mark.sequence());
        commands.get(first).map(|(_, instant)| *instant)
    }

    /// Reads on from a mark, entry by entry, waiting for those to come.
    pub fn follow(&self, mark: &Mark) -> Follower {
        self.record().pin(mark.sequence());
        Follower::new(self.clone(), mark.sequence(), self.shared.grown.subscribe())
    }

    /// How many entries are kept at present.
    pub fn kept(&self) -> usize {
        self.record().entries.len()
    }

    /// The number the next entry will have: how many were ever appended.
    pub fn next_sequence(&self) -> u64 {
        self.record().next
    }

    /// When the journal was started, by the monotonic clock.
    pub fn started(&self) -> Instant {
        self.shared.started
    }

    /// Ends the need for the entries from `sequence` on.
    pub(super) fn unpin(&self, sequence: u64) {
        self.record().unpin(sequence);
        self.let_go();
    }

    /// Adds the entries from `sequence` on to `buffer`, a piece of them at most, and moves the pin
    /// behind those. Gives the number of the first one not taken.
    pub(super) fn take_from(&self, sequence: u64, buffer: &mut VecDeque<Entry>) -> u64 {
        let taken_to = {
            let mut record = self.record();
            let before = buffer.len();
            buffer.extend(record.from(sequence).take(PIECE).cloned());
            let taken_to = sequence + (buffer.len() - before) as u64;
            if taken_to == sequence {
                return sequence;
            }
            record.unpin(sequence);
            record.pin(taken_to);
            taken_to
        };
        self.let_go();
        taken_to
    }

    /// Lets go what nothing needs any more, a piece at a time: nobody waits long for the lock.
    fn let_go(&self) {
        loop {
            let gone = self.record().let_go(self.shared.retention);
            if gone.len() < PIECE {
                return;
            }
        }
    }

    fn record(&self) -> MutexGuard<'_, Kept> {
        // nothing between two statements leaves the record inconsistent
        self.shared
            .record
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Journal {
    fn default() -> Self {
        Self::new()
    }
}

impl Debug for Journal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let record = self.record();
        f.debug_struct("Journal")
            .field("entries", &record.next)
            .field("kept", &record.entries.len())
            .finish_non_exhaustive()
    }
}
