//! What became of a command, by what was answered.

use std::error::Error;

use harness_core::device::{DeviceError, DeviceErrorKind};
use harness_core::value::Value;

use crate::load::measure::ResultClass;

/// What became of a command, by what the device answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// What became of it.
    pub class: ResultClass,
    /// What was said where something went wrong.
    pub words: Option<String>,
    /// By which name the device tells the end of the command later, if it does.
    pub id: Option<String>,
}

impl Answer {
    /// It was done, or accepted for good.
    pub const DONE: Answer = Answer {
        class: ResultClass::Ok,
        words: None,
        id: None,
    };

    /// It was accepted, and its end is told by this name.
    pub fn accepted(id: impl Into<String>) -> Answer {
        let id = Some(id.into());
        Answer { id, ..Answer::DONE }
    }

    /// It ended with this class, and this was said.
    pub fn ended_as(class: ResultClass, words: impl Into<String>) -> Answer {
        Answer {
            class,
            words: Some(words.into()),
            id: None,
        }
    }

    /// What an error says of itself: a refusal is a failure of the device, since nothing is known of its
    /// words.
    #[must_use]
    pub fn of_error(error: &DeviceError) -> Answer {
        let class = match error.kind {
            DeviceErrorKind::TimedOut => ResultClass::TimedOut,
            DeviceErrorKind::Unreachable | DeviceErrorKind::Protocol => ResultClass::Unreachable,
            _ => ResultClass::DevFailed,
        };
        let mut words = error.to_string();
        let mut below = error.source();
        while let Some(error) = below {
            words += &format!(": {error}");
            below = error.source();
        }
        Answer::ended_as(class, words)
    }
}

/// Says what became of a command. Closures `Fn(&str, Result<&Value, &DeviceError>) -> Answer` do.
pub trait Replies: Send + Sync + 'static {
    /// What became of this command, which the device answered so.
    fn answer(&self, command: &str, outcome: Result<&Value, &DeviceError>) -> Answer;
}

impl<F> Replies for F
where
    F: Fn(&str, Result<&Value, &DeviceError>) -> Answer + Send + Sync + 'static,
{
    fn answer(&self, command: &str, outcome: Result<&Value, &DeviceError>) -> Answer {
        self(command, outcome)
    }
}

/// Takes every reply for success, and errors for what they say of themselves.
#[derive(Clone, Copy, Debug, Default)]
pub struct PlainReplies;

impl Replies for PlainReplies {
    fn answer(&self, _: &str, outcome: Result<&Value, &DeviceError>) -> Answer {
        outcome.map_or_else(Answer::of_error, |_| Answer::DONE)
    }
}

/// How a command ended that was accepted before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// The name that its answer gave.
    pub id: String,
    /// What became of it in the end: [`ResultClass::Rejected`] says that it was not begun.
    pub class: ResultClass,
    /// What was said.
    pub words: String,
}

/// Says which commands have ended. Closures `Fn(&str, &Value) -> Vec<Ending>` do.
pub trait Endings: Send + Sync + 'static {
    /// Which commands have ended, as an event with this value of this attribute tells it. One that was told
    /// before may be told again.
    fn ended(&self, attribute: &str, value: &Value) -> Vec<Ending>;
}

impl<F> Endings for F
where
    F: Fn(&str, &Value) -> Vec<Ending> + Send + Sync + 'static,
{
    fn ended(&self, attribute: &str, value: &Value) -> Vec<Ending> {
        self(attribute, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_apart_by_whether_the_device_said_no_or_nothing() {
        for (kind, class) in [
            (DeviceErrorKind::Refused, ResultClass::DevFailed),
            (DeviceErrorKind::TimedOut, ResultClass::TimedOut),
            (DeviceErrorKind::Unreachable, ResultClass::Unreachable),
            (DeviceErrorKind::Protocol, ResultClass::Unreachable),
        ] {
            let error = DeviceError::new(kind, "a/b/c", "Scan");
            let answer = PlainReplies.answer("Scan", Err(&error));
            assert_eq!(answer.class, class);
            assert_eq!(answer.words, Some(error.to_string()));
        }
        assert_eq!(PlainReplies.answer("Scan", Ok(&Value::Void)), Answer::DONE);
    }
}
