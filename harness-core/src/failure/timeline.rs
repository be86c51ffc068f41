//! What each device did after a mark, told from the record.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;
use tokio::time::Instant;

use crate::event::{Event, Signal};
use crate::journal::{Entry, EntryKind, Mark};

/// What one device did, in order.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct DeviceTimeline {
    /// The canonical name of the device.
    pub device: String,
    /// What it did.
    pub lines: Vec<TimelineLine>,
}

/// One thing a device did.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct TimelineLine {
    /// When, in seconds after the command (negative: before it).
    pub seconds: f64,
    /// What, in one line.
    pub text: String,
}

/// Tells when things happened after a mark. Times count from the first command after the mark, or
/// else from the mark.
#[derive(Debug)]
pub(crate) struct Clock {
    zero: Instant,
}

impl Clock {
    pub(crate) fn since(mark: &Mark) -> Self {
        Self::of(&mark.journal().since(mark), mark)
    }

    fn of(entries: &[Entry], mark: &Mark) -> Self {
        let is_command = |entry: &&Entry| matches!(&*entry.kind, EntryKind::Command { .. });
        let zero = entries
            .iter()
            .find(is_command)
            .map_or(mark.instant(), |entry| entry.instant);
        Self { zero }
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

/// The timelines of all devices that did something after the mark, and what there is to say about
/// missed events.
pub(super) fn tell(mark: &Mark) -> (Vec<DeviceTimeline>, Vec<String>) {
    let entries = mark.journal().since(mark);
    let clock = Clock::of(&entries, mark);
    let mut timelines: Vec<DeviceTimeline> = Vec::new();
    let mut places: HashMap<Arc<str>, usize> = HashMap::new();
    let mut gaps = Vec::new();
    for entry in &entries {
        let Some(device) = entry.device() else {
            continue;
        };
        let line = TimelineLine {
            seconds: clock.seconds(entry.instant),
            text: text(entry),
        };
        gaps.extend(entry.event().and_then(|event| gap(event, line.seconds)));
        let place = *places.entry(Arc::clone(device)).or_insert_with(|| {
            timelines.push(DeviceTimeline {
                device: device.to_string(),
                lines: Vec::new(),
            });
            timelines.len() - 1
        });
        timelines[place].lines.push(line);
    }
    (timelines, gaps)
}

fn text(entry: &Entry) -> String {
    match &*entry.kind {
        EntryKind::Command {
            command, argument, ..
        } if argument.is_void() => format!("{command}()"),
        EntryKind::Command {
            command, argument, ..
        } => format!("{command}({argument})"),
        EntryKind::Reply {
            command,
            outcome: Ok(value),
            ..
        } => {
            format!("{command} answered {value}")
        }
        EntryKind::Reply {
            command,
            outcome: Err(error),
            ..
        } => match error.most_specific() {
            Some(frame) => format!("{command} failed: {frame}"),
            None => format!("{command} failed: {error}"),
        },
        EntryKind::Event(event) => event.to_string(),
        // entries without a device are not told
        _ => String::new(),
    }
}

fn gap(event: &Event, seconds: f64) -> Option<String> {
    let lost = match &event.signal {
        Signal::Gap {
            missed: Some(missed),
            ..
        } => format!("{missed} events were missed"),
        Signal::Gap { missed: None, .. } => "events may have been missed".to_owned(),
        Signal::Lost { .. } => "the subscription was lost".to_owned(),
        _ => return None,
    };
    Some(format!(
        "{lost} at {seconds:+.3} s: {} {}",
        event.device, event.attribute
    ))
}
