//! One entry of the record, in one line.

use std::fmt::{self, Write};

use crate::event::{Event, Signal};
use crate::journal::{Entry, EntryKind, Journal};

/// The longest line that is kept, in bytes; a value may be megabytes long.
const LINE: usize = 512;

/// What happened, in one line: in the narrator's words, or else in the values'.
pub(super) fn line(entry: &Entry, journal: &Journal) -> String {
    let mut line = Cut::default();
    // an error means only that the line is full
    let _ = match journal.narrate(&entry.kind) {
        Some(told) => line.write_str(&told),
        None => raw(entry, &mut line),
    };
    line.text
}

fn raw(entry: &Entry, line: &mut Cut) -> fmt::Result {
    match &*entry.kind {
        EntryKind::Command {
            command, argument, ..
        } if argument.is_void() => write!(line, "{command}()"),
        EntryKind::Command {
            command, argument, ..
        } => write!(line, "{command}({argument})"),
        EntryKind::Reply {
            command,
            outcome: Ok(value),
            ..
        } => write!(line, "{command} answered {value}"),
        EntryKind::Reply {
            command,
            outcome: Err(error),
            ..
        } => match error.most_specific() {
            Some(frame) => write!(line, "{command} failed: {frame}"),
            None => write!(line, "{command} failed: {error}"),
        },
        EntryKind::Event(event) => write!(line, "{event}"),
        EntryKind::Log(said) => write!(line, "log {said}"),
        // entries without a device are not told
        _ => Ok(()),
    }
}

/// What there is to say if events may be missing.
pub(super) fn gap(event: &Event, seconds: f64) -> Option<String> {
    let lost = match &event.signal {
        Signal::Gap {
            missed: Some(missed),
            ..
        } => format!("{missed} events were missed"),
        Signal::Gap { missed: None, .. } => "events may have been missed".to_owned(),
        Signal::Lost { .. } => "the subscription was lost".to_owned(),
        _ => return None,
    };
    let Event {
        device, attribute, ..
    } = event;
    Some(format!("{lost} at {seconds:+.3} s: {device} {attribute}"))
}

/// Takes no more than fits in a line.
#[derive(Default)]
struct Cut {
    text: String,
}

impl Write for Cut {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let left = LINE.saturating_sub(self.text.len());
        if text.len() <= left {
            self.text.push_str(text);
            return Ok(());
        }
        let end = (0..=left).rev().find(|end| text.is_char_boundary(*end));
        self.text
            .push_str(text.get(..end.unwrap_or(0)).unwrap_or_default());
        self.text.push('…');
        Err(fmt::Error)
    }
}
