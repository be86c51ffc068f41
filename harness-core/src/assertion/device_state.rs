//! What is known of the state of one device.

use super::Matcher;
use super::matcher::MatcherPanic;
use super::subject::{Subject, Verdict};
use crate::device::{DeviceError, Reading};

pub(super) type Answer = Result<Reading, DeviceError>;

/// What a device was read as or has said, and what that means.
pub(super) struct State {
    last: Answer,
    pub(super) verdict: Verdict,
    panic: Option<MatcherPanic>,
    /// Whether its events tell when it changes; otherwise it must be read.
    pub(super) is_heard: bool,
    /// How often it was read again, since nothing is heard of it.
    polled: usize,
}

impl State {
    /// That of a device which is to be like that, and is heard.
    pub(super) fn judged(wanted: &Matcher, last: Answer) -> Self {
        let matches = match &last {
            Ok(reading) => wanted.matches(reading),
            Err(_) => Ok(false),
        };
        let verdict = match matches {
            Ok(true) => Verdict::Holds,
            Ok(false) => Verdict::Open,
            Err(_) => Verdict::Fails,
        };
        Self {
            last,
            verdict,
            panic: matches.err(),
            is_heard: true,
            polled: 0,
        }
    }

    /// The same for one of which still nothing is heard.
    pub(super) fn read_again_after(self, before: &Self) -> Self {
        Self {
            is_heard: before.is_heard,
            polled: before.polled + 1,
            ..self
        }
    }

    /// Whether the device took its last value after that one, by its own clock.
    pub(super) fn is_newer_than(&self, reading: &Reading) -> bool {
        let last = self.last.as_ref().ok().and_then(|last| last.server_time);
        matches!((last, reading.server_time), (Some(last), Some(time)) if time < last)
    }

    /// What came nearest; `None` if it is as expected.
    pub(super) fn told(&self, subject: &Subject) -> Option<String> {
        let there = match &self.last {
            _ if self.verdict == Verdict::Holds => return None,
            Ok(reading) => format!("it is {}", subject.reading(reading)),
            Err(error) => error.to_string(),
        };
        Some(match (&self.panic, self.polled) {
            (Some(panic), _) => format!("{there}, at which {panic}"),
            (None, 0) if !self.is_heard => format!("{there}, as far as is known"),
            (None, 0) => there,
            (None, polled) => format!("{there} (read {polled} times again)"),
        })
    }
}
