//! The record of the long running commands of one device, and the attributes that show it.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use harness_tango::control_model::TaskStatus;
use tokio::time::Instant;

use super::entry::{self, Entry};
use super::{CommandId, CommandIds, Outcome};
use crate::attribute::{Attribute, AttributePort, AttributeValue};

/// How many commands may wait.
pub const QUEUE_CAPACITY: usize = 32;

/// How many finished commands are still shown at most. A device has attributes of a fixed size, and
/// a fast sequence of commands must not make each event longer than the one before.
const FINISHED_CAPACITY: usize = 2 * QUEUE_CAPACITY;

/// How many commands are shown at most: finished ones, waiting ones, one that is being executed and
/// one that interrupts it.
pub const SHOWN_CAPACITY: usize = FINISHED_CAPACITY + QUEUE_CAPACITY + 2;

/// How many finished commands `lrcFinished` shows, which does not forget them with time.
pub const FINISHED_ENTRIES: usize = 100;

/// The attributes of the second protocol, which the base class always sends together.
const ENTRIES: &[Attribute] = &[
    Attribute::LrcQueue,
    Attribute::LrcExecuting,
    Attribute::LrcFinished,
];

/// How long finished commands are shown, as the base class does it.
const RETENTION: Duration = Duration::from_secs(10);

#[derive(Debug)]
struct Record {
    id: CommandId,
    command: &'static str,
    status: TaskStatus,
    progress: Option<u8>,
    submitted: SystemTime,
    started: Option<SystemTime>,
    finished: Option<Instant>,
}

impl Record {
    fn entry(&self) -> Entry {
        Entry {
            id: self.id.text(),
            command: self.command,
            submitted: self.submitted,
            started: self.started,
            progress: self.progress,
        }
    }
}

/// The record of the long running commands of one device. Every entry is published through a port
/// at once, in the order of `ska-tango-base`.
pub struct Book {
    port: Arc<dyn AttributePort>,
    ids: CommandIds,
    records: VecDeque<Record>,
    /// What `lrcFinished` shows.
    finished: VecDeque<Arc<str>>,
    last_result: [Arc<str>; 2],
}

impl Book {
    /// An empty record.
    #[must_use]
    pub fn new(port: Arc<dyn AttributePort>) -> Book {
        Book {
            port,
            ids: CommandIds::default(),
            records: VecDeque::new(),
            finished: VecDeque::new(),
            last_result: ["".into(), "".into()],
        }
    }

    /// An id for a command that is never entered.
    pub fn next_id(&mut self, command: &'static str) -> CommandId {
        self.ids.next(command)
    }

    /// Enters a command: STAGING.
    pub fn stage(&mut self, command: &'static str) -> CommandId {
        let id = self.ids.next(command);
        self.records.push_back(Record {
            id: id.clone(),
            command,
            status: TaskStatus::Staging,
            progress: None,
            submitted: SystemTime::now(),
            started: None,
            finished: None,
        });
        self.publish(&[
            Attribute::LongRunningCommandsInQueue,
            Attribute::LongRunningCommandIdsInQueue,
            Attribute::LongRunningCommandStatus,
        ]);
        self.tell(&id, || entry::status_event(TaskStatus::Staging));
        id
    }

    /// The command waits for its turn: QUEUED.
    pub fn queue(&mut self, id: &CommandId) {
        self.set_status(id, TaskStatus::Queued);
        self.publish(&[Attribute::LongRunningCommandStatus]);
        self.tell(id, || entry::status_event(TaskStatus::Queued));
        self.publish(ENTRIES);
    }

    /// The command is being executed: IN_PROGRESS. What the second protocol shows of it follows
    /// with [`tell_started`](Self::tell_started), after what the device itself has to say.
    pub fn start(&mut self, id: &CommandId) {
        self.set_status(id, TaskStatus::InProgress);
        if let Some(record) = self.record(id) {
            record.started = Some(SystemTime::now());
        }
        self.publish(&[
            Attribute::LongRunningCommandStatus,
            Attribute::LongRunningCommandInProgress,
        ]);
    }

    /// Tells by the second protocol that the command is being executed.
    pub fn tell_started(&mut self, id: &CommandId) {
        self.tell(id, || entry::status_event(TaskStatus::InProgress));
        self.publish(ENTRIES);
    }

    /// So many percent of the command are done.
    pub fn progress(&mut self, id: &CommandId, percent: u8) {
        if let Some(record) = self.record(id) {
            record.progress = Some(percent);
        }
        self.publish(&[Attribute::LongRunningCommandProgress]);
        self.tell(id, || entry::progress_event(percent));
        self.publish(&[Attribute::LrcExecuting]);
    }

    /// The command has ended: its result is published before its status. What the second protocol
    /// shows of it follows with [`tell_finished`](Self::tell_finished), after what the device
    /// itself has to say.
    pub fn finish(&mut self, id: &CommandId, status: TaskStatus, outcome: &Outcome, now: Instant) {
        let mut was_in_progress = false;
        let mut ended = None;
        if let Some(record) = self.record(id) {
            was_in_progress = record.status == TaskStatus::InProgress;
            record.status = status;
            record.progress = None;
            record.finished = Some(now);
            ended = Some(record.entry().ended(status, outcome).into());
        }
        if self.finished.len() == FINISHED_ENTRIES {
            self.finished.pop_front();
        }
        self.finished.extend(ended);
        self.last_result = [id.text(), outcome.to_string().into()];
        self.publish(&[Attribute::LongRunningCommandResult]);
        if self.keep_within_capacity() {
            self.publish(&[
                Attribute::LongRunningCommandsInQueue,
                Attribute::LongRunningCommandIdsInQueue,
            ]);
        }
        self.publish(&[Attribute::LongRunningCommandStatus]);
        if was_in_progress {
            self.publish(&[Attribute::LongRunningCommandInProgress]);
        }
    }

    /// Tells by the second protocol that the command has ended.
    pub fn tell_finished(&mut self, id: &CommandId, status: TaskStatus, outcome: &Outcome) {
        self.tell(id, || entry::end_event(status, outcome));
        self.publish(ENTRIES);
    }

    /// When the next finished command is to be forgotten.
    #[must_use]
    pub fn next_removal(&self) -> Option<Instant> {
        self.records
            .iter()
            .filter_map(|record| record.finished)
            .min()
            .map(|finished| finished + RETENTION)
    }

    /// Forgets the commands that finished long enough ago.
    pub fn forget_finished(&mut self, now: Instant) {
        let before = self.records.len();
        self.records.retain(|record| {
            record
                .finished
                .is_none_or(|finished| finished + RETENTION > now)
        });
        if self.records.len() != before {
            self.publish(&[
                Attribute::LongRunningCommandsInQueue,
                Attribute::LongRunningCommandIdsInQueue,
                Attribute::LongRunningCommandStatus,
            ]);
        }
    }

    /// The status of a command by the text of its id; NOT_FOUND if it is unknown or forgotten.
    #[must_use]
    pub fn status(&self, id: &str) -> TaskStatus {
        self.records
            .iter()
            .find(|record| *record.id.text() == *id)
            .map_or(TaskStatus::NotFound, |record| record.status)
    }

    /// The value of one of the attributes that show the record; `None` for any other.
    #[must_use]
    pub fn value(&self, attribute: Attribute) -> Option<AttributeValue> {
        let records = self.records.iter();
        Some(match attribute {
            Attribute::LongRunningCommandsInQueue => {
                AttributeValue::texts(records.map(|record| record.command))
            }
            Attribute::LongRunningCommandIdsInQueue => {
                AttributeValue::texts(records.map(|record| record.id.text()))
            }
            Attribute::LongRunningCommandStatus => AttributeValue::texts(
                records.flat_map(|record| [record.id.text(), record.status.label().into()]),
            ),
            Attribute::LongRunningCommandInProgress => AttributeValue::texts(
                records
                    .filter(|record| record.status == TaskStatus::InProgress)
                    .map(|record| record.command),
            ),
            Attribute::LongRunningCommandProgress => AttributeValue::texts(
                records
                    .filter_map(|record| Some((record, record.progress?)))
                    .flat_map(|(record, percent)| [record.id.text(), percent.to_string().into()]),
            ),
            Attribute::LongRunningCommandResult => {
                AttributeValue::texts(self.last_result.iter().cloned())
            }
            Attribute::LrcQueue => entries(
                records
                    .filter(|record| record.status == TaskStatus::Queued)
                    .map(Record::entry),
            ),
            Attribute::LrcExecuting => entries(
                records
                    .filter(|record| record.status == TaskStatus::InProgress)
                    .map(Record::entry),
            ),
            Attribute::LrcFinished => AttributeValue::texts(self.finished.iter().cloned()),
            // nothing to read, as with the base class: it has events only
            Attribute::LrcEvent => AttributeValue::Texts(Vec::new()),
            Attribute::LrcProtocolVersions => AttributeValue::Numbers(vec![1, 2]),
            _ => return None,
        })
    }

    fn record(&mut self, id: &CommandId) -> Option<&mut Record> {
        // the newest are the ones in use
        self.records
            .iter_mut()
            .rev()
            .find(|record| record.id == *id)
    }

    fn set_status(&mut self, id: &CommandId, status: TaskStatus) {
        if let Some(record) = self.record(id) {
            record.status = status;
        }
    }

    /// Forgets the oldest of too many finished commands; returns whether there were any.
    fn keep_within_capacity(&mut self) -> bool {
        let finished = self
            .records
            .iter()
            .filter(|record| record.finished.is_some());
        let excess = finished.count().saturating_sub(FINISHED_CAPACITY);
        for _ in 0..excess {
            let oldest = self
                .records
                .iter()
                .position(|record| record.finished.is_some());
            if let Some(index) = oldest {
                self.records.remove(index);
            }
        }
        excess > 0
    }

    fn tell(&self, id: &CommandId, event: impl FnOnce() -> String) {
        if self.port.wants(Attribute::LrcEvent) {
            let value = AttributeValue::Texts(vec![id.text(), event().into()]);
            self.port.push(Attribute::LrcEvent, value);
        }
    }

    fn publish(&self, attributes: &[Attribute]) {
        for attribute in attributes {
            if self.port.wants(*attribute)
                && let Some(value) = self.value(*attribute)
            {
                self.port.push(*attribute, value);
            }
        }
    }
}

fn entries(entries: impl Iterator<Item = Entry>) -> AttributeValue {
    AttributeValue::texts(entries.map(|entry| entry.to_json()))
}

impl fmt::Debug for Book {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Book")
            .field("records", &self.records)
            .field("last_result", &self.last_result)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
