//! What stands in the record.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use tokio::time::Instant;

use crate::device::DeviceError;
use crate::event::Event;
use crate::value::Value;

use super::LogLine;

/// One entry of the record; cheap to clone.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Entry {
    /// The number of the entry; each is one more than the one before, the first is 0.
    pub sequence: u64,
    /// How long after the start of the journal, by the monotonic clock; in JSON in seconds.
    #[serde(rename = "at_seconds", serialize_with = "seconds")]
    pub at: Duration,
    /// The same moment as an instant of the monotonic clock.
    #[serde(skip)]
    pub instant: Instant,
    /// The same moment by the wall clock, for people; in JSON in RFC 3339, UTC.
    #[serde(serialize_with = "rfc3339")]
    pub wall: SystemTime,
    /// What happened.
    #[serde(flatten)]
    pub kind: Arc<EntryKind>,
}

/// What an entry records.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EntryKind {
    /// A command was sent.
    Command {
        /// The canonical name of the device.
        device: Arc<str>,
        /// The name of the command.
        command: Arc<str>,
        /// Its argument.
        argument: Value,
    },
    /// A command was answered.
    Reply {
        /// The canonical name of the device.
        device: Arc<str>,
        /// The name of the command.
        command: Arc<str>,
        /// The sequence number of the [`EntryKind::Command`] this answers.
        to: u64,
        /// What the device answered; in JSON `{"ok": ..}` or `{"error": ..}`.
        #[serde(serialize_with = "answer")]
        outcome: Result<Value, DeviceError>,
    },
    /// A subscription said something.
    Event(Event),
    /// A device wrote a line into its log.
    Log(LogLine),
    /// Something was found to be in a state, or reached one.
    State {
        /// What is in the state: a device, a subarray, a state machine.
        subject: Arc<str>,
        /// The state.
        state: String,
    },
    /// An action or a step of a test began or ended.
    Step {
        /// Which one.
        name: Arc<str>,
        /// Whether it began or how it ended.
        #[serde(flatten)]
        phase: Phase,
    },
    /// A fault began or ended.
    Fault {
        /// Which one.
        description: Arc<str>,
        /// Whether it began or how it ended.
        #[serde(flatten)]
        phase: Phase,
    },
    /// Anything else worth knowing.
    Note {
        /// What there is to say.
        text: String,
    },
}

/// Where something that lasts stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum Phase {
    /// It began.
    Started,
    /// It ended well.
    Finished,
    /// It ended badly.
    Failed {
        /// Why, in one line.
        reason: String,
    },
}

impl Entry {
    /// The event, if the entry is one.
    pub fn event(&self) -> Option<&Event> {
        match &*self.kind {
            EntryKind::Event(event) => Some(event),
            _ => None,
        }
    }

    /// The line of a device's log, if the entry is one.
    pub fn log_line(&self) -> Option<&LogLine> {
        match &*self.kind {
            EntryKind::Log(line) => Some(line),
            _ => None,
        }
    }

    /// The device the entry is about, if it is about one.
    pub fn device(&self) -> Option<&Arc<str>> {
        match &*self.kind {
            EntryKind::Command { device, .. } | EntryKind::Reply { device, .. } => Some(device),
            EntryKind::Event(event) => Some(&event.device),
            EntryKind::Log(line) => Some(&line.device),
            EntryKind::State { .. }
            | EntryKind::Step { .. }
            | EntryKind::Fault { .. }
            | EntryKind::Note { .. } => None,
        }
    }
}

fn seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}

fn answer<S: Serializer>(
    outcome: &Result<Value, DeviceError>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    match outcome {
        Ok(value) => map.serialize_entry("ok", value)?,
        Err(error) => map.serialize_entry("error", error)?,
    }
    map.end()
}

pub(super) fn rfc3339<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    // a wall clock that was never set may stand before what can be written
    let time = (*time).max(SystemTime::UNIX_EPOCH);
    serializer.collect_str(&humantime::format_rfc3339_micros(time))
}
