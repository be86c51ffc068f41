//! When a command that was accepted gets done.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value as Json;
use thiserror::Error;

use crate::transition::SetError;

/// When a command that was accepted gets done, and with it the transient state that it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progression {
    /// At once: a command has ended before its reply is sent. Its events are all published, the
    /// transient ones too.
    Immediate,
    /// After a time.
    After(Duration),
    /// When clients have read obsState so many times; subscribing to it reads it once. The last of
    /// these reads still gets the old state; it ends when the next one comes.
    AfterReads(u32),
}

impl Progression {
    /// After a time, or at once if it is zero.
    #[must_use]
    pub const fn after(time: Duration) -> Progression {
        if time.is_zero() {
            Progression::Immediate
        } else {
            Progression::After(time)
        }
    }
}

/// A text for `SetDelayInfo` that cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DelaysError {
    /// No JSON object of seconds.
    #[error("the delays must be a JSON object of seconds, as {{\"Configure\": 2.5}}")]
    NotDelays(#[source] Option<serde_json::Error>),
    /// A command that the device does not have.
    #[error(transparent)]
    UnknownCommand(#[from] SetError),
}

/// How every command progresses: by its own progression if it has one, else by the one of all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delays {
    of_all: Progression,
    of_one: BTreeMap<String, Progression>,
}

impl Delays {
    /// All commands progress alike.
    #[must_use]
    pub const fn new(of_all: Progression) -> Delays {
        Delays {
            of_all,
            of_one: BTreeMap::new(),
        }
    }

    /// Sets how the commands progress that have no progression of their own.
    pub const fn set_all(&mut self, progression: Progression) {
        self.of_all = progression;
    }

    /// Sets how one command progresses.
    pub fn set(&mut self, command: &str, progression: Progression) {
        self.of_one
            .insert(command.to_ascii_lowercase(), progression);
    }

    /// How a command progresses.
    #[must_use]
    pub fn of(&self, command: &str) -> Progression {
        self.of_one
            .get(&command.to_ascii_lowercase())
            .copied()
            .unwrap_or(self.of_all)
    }

    /// How the commands progress that have no progression of their own.
    pub(crate) const fn of_all(&self) -> Progression {
        self.of_all
    }

    /// How a command progresses that has a progression of its own.
    pub(crate) fn of_one(&self, command: &str) -> Option<Progression> {
        self.of_one.get(&command.to_ascii_lowercase()).copied()
    }

    /// All that have a progression of their own, by names in small letters.
    pub(crate) fn each(&self) -> impl Iterator<Item = (&str, Progression)> {
        self.of_one
            .iter()
            .map(|(command, progression)| (command.as_str(), *progression))
    }

    /// Sets the delays of the commands that a JSON object names, in seconds.
    ///
    /// # Errors
    ///
    /// [`DelaysError`] if the text is no such object, or a number of seconds is negative; nothing
    /// has changed.
    pub fn set_from_json(&mut self, text: &str) -> Result<(), DelaysError> {
        let seconds: BTreeMap<String, Json> =
            serde_json::from_str(text).map_err(|source| DelaysError::NotDelays(Some(source)))?;
        let delays = seconds
            .iter()
            .map(|(command, seconds)| {
                let time = seconds
                    .as_f64()
                    .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
                    // a hundred years: more would not fit the clock
                    .filter(|time| time.as_secs() < 100 * 366 * 86_400)
                    .ok_or(DelaysError::NotDelays(None))?;
                Ok((command.as_str(), Progression::after(time)))
            })
            .collect::<Result<Vec<_>, DelaysError>>()?;
        for (command, progression) in delays {
            self.set(command, progression);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Delays, Progression};

    #[test]
    fn a_command_has_its_own_delay_or_that_of_all() {
        let mut delays = Delays::new(Progression::Immediate);
        delays.set("Configure", Progression::AfterReads(3));
        assert_eq!(delays.of("configure"), Progression::AfterReads(3));
        assert_eq!(delays.of("Scan"), Progression::Immediate);
    }

    #[test]
    fn delays_are_read_from_json() {
        let mut delays = Delays::new(Progression::AfterReads(1));
        delays
            .set_from_json(r#"{"AssignResources": 60, "Configure": 0.5, "End": 0}"#)
            .unwrap();
        assert_eq!(
            delays.of("AssignResources"),
            Progression::After(Duration::from_secs(60))
        );
        assert_eq!(
            delays.of("Configure"),
            Progression::After(Duration::from_millis(500))
        );
        assert_eq!(delays.of("End"), Progression::Immediate);
    }

    #[test]
    fn bad_delays_are_refused_as_a_whole() {
        let mut delays = Delays::new(Progression::Immediate);
        for text in [
            "",
            "[]",
            r#"{"End": "2"}"#,
            r#"{"End": -1}"#,
            r#"{"Abort": 5, "End": 1e300}"#,
        ] {
            let error = delays.set_from_json(text).unwrap_err();
            assert!(error.to_string().contains("JSON object of seconds"));
        }
        assert_eq!(delays, Delays::new(Progression::Immediate));
    }
}
