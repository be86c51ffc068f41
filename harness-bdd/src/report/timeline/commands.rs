//! Commands, from when they are sent until they are answered.

use std::collections::BTreeMap;

use harness_core::{DeviceError, Value};

use super::{clock::shortened, data::CommandSpan};

/// The commands of one device.
#[derive(Debug, Default)]
pub(super) struct Commands {
    spans: Vec<CommandSpan>,
    /// Which of them wait for an answer, by the number of their entry.
    waiting: BTreeMap<u64, usize>,
}

impl Commands {
    pub(super) fn sent(&mut self, at: f64, sequence: u64, command: &str, argument: &Value) {
        self.waiting.insert(sequence, self.spans.len());
        self.spans.push(CommandSpan {
            at,
            command: command.to_owned(),
            argument: (!argument.is_void()).then(|| shortened(argument.to_string())),
            ..CommandSpan::default()
        });
    }

    /// Ends a command; one whose beginning was left out began at `begin`. Gives when it was sent.
    pub(super) fn answered(
        &mut self,
        at: f64,
        begin: f64,
        (to, command): (u64, &str),
        outcome: &Result<Value, DeviceError>,
        told: Option<String>,
    ) -> f64 {
        let index = self.waiting.remove(&to).unwrap_or_else(|| {
            let span = CommandSpan {
                at: begin,
                command: command.to_owned(),
                ..CommandSpan::default()
            };
            self.spans.push(span);
            self.spans.len() - 1
        });
        let Some(span) = self.spans.get_mut(index) else {
            return at;
        };
        span.until = Some(at);
        match outcome {
            Ok(answer) => {
                let is_void = answer.is_void() && told.is_none();
                let words = told.unwrap_or_else(|| answer.to_string());
                span.answer = (!is_void).then(|| shortened(words));
            }
            Err(error) => span.error = Some(shortened(error_in_words(error))),
        }
        span.at
    }

    pub(super) fn finish(self) -> Vec<CommandSpan> {
        self.spans
    }
}

/// The error with the whole stack of the device, a frame a line.
fn error_in_words(error: &DeviceError) -> String {
    let frames = error.stack.iter().map(|frame| format!("\n{frame}"));
    frames.fold(error.to_string(), |words, frame| words + &frame)
}
