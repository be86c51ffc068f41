//! What each device did after a mark, told from the record.

use serde::Serialize;
use tokio::time::Instant;

use crate::event::{Event, Signal};
use crate::journal::{Entry, EntryKind, Mark};
use crate::tracer::Tracer;

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

/// The timelines of all devices that did something after the mark, and what there is to say about
/// missed events.
pub(super) fn tell(_tracer: &Tracer, mark: &Mark) -> (Vec<DeviceTimeline>, Vec<String>) {
    let entries = mark.journal().since(mark);
    let zero = zero(&entries, mark);
    let mut timelines: Vec<DeviceTimeline> = Vec::new();
    let mut gaps = Vec::new();
    for entry in &entries {
        let Some(device) = entry.device() else {
            continue;
        };
        let line = TimelineLine {
            seconds: seconds(entry.instant, zero),
            text: text(entry),
        };
        if let Some(gap) = entry.event().and_then(|event| gap(event, line.seconds)) {
            gaps.push(gap);
        }
        match timelines
            .iter_mut()
            .find(|timeline| *timeline.device == **device)
        {
            Some(timeline) => timeline.lines.push(line),
            None => timelines.push(DeviceTimeline {
                device: device.to_string(),
                lines: vec![line],
            }),
        }
    }
    (timelines, gaps)
}

/// The moment the times count from: the first command after the mark, or else the mark.
pub(crate) fn zero(entries: &[Entry], mark: &Mark) -> Instant {
    let is_command = |entry: &&Entry| matches!(&*entry.kind, EntryKind::Command { .. });
    entries
        .iter()
        .find(is_command)
        .map_or(mark.instant(), |entry| entry.instant)
}

/// The seconds from `zero` to `instant`, negative if it lies before.
pub(crate) fn seconds(instant: Instant, zero: Instant) -> f64 {
    if instant >= zero {
        (instant - zero).as_secs_f64()
    } else {
        -(zero - instant).as_secs_f64()
    }
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
            Some(frame) => format!("{command} failed: {}", frame.description),
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
