//! What each device did after a mark, told from the record.

use serde::Serialize;
use tokio::time::Instant;

use crate::event::Event;
use crate::journal::{Entry, Mark};

/// What one device did, in order.
///
/// However much it did, a bounded part is kept: of what matters to the failure the first 50 and the
/// last 50 things, and as many of the rest.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct DeviceTimeline {
    /// The canonical name of the device.
    pub device: String,
    /// What it did.
    pub lines: Vec<TimelineLine>,
    /// How many things it did that are not among the lines.
    pub left_out: u64,
    /// How many of all the things it did are minor: see [`TimelineLine::is_minor`].
    pub minor: u64,
    /// Which attributes the minor events are of; a few of them, if they are many.
    pub minor_attributes: Vec<String>,
}

/// One thing a device did.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct TimelineLine {
    /// When, in seconds after the command (negative: before it).
    pub seconds: f64,
    /// What, in one line: in the words of the journal's narrator where it has any.
    pub text: String,
    /// Whether it is an event of an attribute of which nothing was expected.
    #[serde(rename = "minor")]
    pub is_minor: bool,
    /// How many things of its kind, minor or not, are left out just before this line.
    pub left_out_before: u64,
}

/// Tells when things happened after a mark. Times count from the first command after the mark, or
/// else from the mark.
#[derive(Debug)]
pub(crate) struct Clock {
    zero: Instant,
}

impl Clock {
    pub(crate) fn since(mark: &Mark) -> Self {
        let command = mark.journal().first_command_since(mark);
        Self {
            zero: command.unwrap_or_else(|| mark.instant()),
        }
    }

    /// In seconds, negative before the command.
    pub(crate) fn seconds(&self, instant: Instant) -> f64 {
        let after = instant.saturating_duration_since(self.zero).as_secs_f64();
        let before = self.zero.saturating_duration_since(instant).as_secs_f64();
        after - before
    }

    /// A change of value and when: `IDLE -> READY at +1.204 s`.
    pub(crate) fn change(&self, entry: &Entry, event: &Event) -> String {
        let at = format!("at {:+.3} s", self.seconds(entry.instant));
        match (&event.previous, event.reading()) {
            (Some(previous), Some(reading)) => format!("{previous} -> {reading} {at}"),
            (None, Some(reading)) => format!("{reading} {at}"),
            (_, None) => format!("{event} {at}"),
        }
    }
}
