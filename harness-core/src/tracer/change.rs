//! Changes of value, as told from the record.

use std::time::Duration;

use tokio::time::Instant;

use crate::device::Reading;
use crate::journal::Entry;
use crate::value::Value;

/// An attribute changed its value.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Change {
    /// The value before, if it was known.
    pub previous: Option<Value>,
    /// The new value.
    pub reading: Reading,
    /// The sequence number of the entry that told.
    pub sequence: u64,
    /// How long after the start of the journal.
    pub at: Duration,
    /// The same moment as an instant of the monotonic clock.
    pub instant: Instant,
}

impl Change {
    /// The change an entry tells, if it tells one; see [`crate::event::Event::change`].
    pub fn from_entry(entry: &Entry) -> Option<Self> {
        let event = entry.event()?;
        let reading = event.change()?;
        Some(Self {
            previous: event.previous.clone(),
            reading: reading.clone(),
            sequence: entry.sequence,
            at: entry.at,
            instant: entry.instant,
        })
    }
}
