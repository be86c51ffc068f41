use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use crate::cdr::{CdrError, Reader, Writer};

/// The 14 states of a Tango device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(
    missing_docs,
    reason = "the words are Tango's own and say no more than themselves"
)]
pub enum DevState {
    On,
    Off,
    Close,
    Open,
    Insert,
    Extract,
    Moving,
    Standby,
    Fault,
    Init,
    Running,
    Alarm,
    Disable,
    Unknown,
}

/// A number or word that is none of the 14 states.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0} is not a Tango state: a state is one of {names}", names = DevState::names().join(", "))]
pub struct UnknownState(pub String);

impl DevState {
    /// All states; the position is the number on the wire.
    pub const ALL: [DevState; 14] = [
        DevState::On,
        DevState::Off,
        DevState::Close,
        DevState::Open,
        DevState::Insert,
        DevState::Extract,
        DevState::Moving,
        DevState::Standby,
        DevState::Fault,
        DevState::Init,
        DevState::Running,
        DevState::Alarm,
        DevState::Disable,
        DevState::Unknown,
    ];

    /// The names of all states, in the order of their numbers.
    #[must_use]
    pub fn names() -> [&'static str; 14] {
        DevState::ALL.map(DevState::name)
    }

    /// The name as Tango writes it: "ON".
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            DevState::On => "ON",
            DevState::Off => "OFF",
            DevState::Close => "CLOSE",
            DevState::Open => "OPEN",
            DevState::Insert => "INSERT",
            DevState::Extract => "EXTRACT",
            DevState::Moving => "MOVING",
            DevState::Standby => "STANDBY",
            DevState::Fault => "FAULT",
            DevState::Init => "INIT",
            DevState::Running => "RUNNING",
            DevState::Alarm => "ALARM",
            DevState::Disable => "DISABLE",
            DevState::Unknown => "UNKNOWN",
        }
    }

    /// The number on the wire.
    #[must_use]
    pub fn number(self) -> u32 {
        self as u32
    }

    /// Reads a state.
    ///
    /// # Errors
    /// The stream ends, or the number is not a state's.
    pub fn read(reader: &mut Reader<'_>) -> Result<DevState, CdrError> {
        let value = reader.u32()?;
        DevState::try_from(value).map_err(|_| CdrError::Unknown {
            what: "device state",
            value,
        })
    }

    /// Writes the state.
    pub fn write(self, writer: &mut Writer) {
        writer.u32(self.number());
    }
}

impl fmt::Display for DevState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl TryFrom<u32> for DevState {
    type Error = UnknownState;

    fn try_from(number: u32) -> Result<DevState, UnknownState> {
        let state = usize::try_from(number)
            .ok()
            .and_then(|index| DevState::ALL.get(index));
        state
            .copied()
            .ok_or_else(|| UnknownState(number.to_string()))
    }
}

impl FromStr for DevState {
    type Err = UnknownState;

    /// Reads a state's name, in any case.
    fn from_str(name: &str) -> Result<DevState, UnknownState> {
        let state = DevState::ALL
            .into_iter()
            .find(|state| state.name().eq_ignore_ascii_case(name));
        state.ok_or_else(|| UnknownState(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_follow_the_tango_order() {
        for (number, name) in [(0, "ON"), (8, "FAULT"), (12, "DISABLE"), (13, "UNKNOWN")] {
            let state = DevState::try_from(number).unwrap();
            assert_eq!(state.number(), number);
            assert_eq!(state.to_string(), name);
            assert_eq!(name.to_lowercase().parse(), Ok(state));
        }
    }

    #[test]
    fn what_is_no_state_is_refused_with_the_known_words() {
        assert!(DevState::try_from(14).is_err());
        let error = "READY".parse::<DevState>().unwrap_err().to_string();
        assert!(error.starts_with("READY is not a Tango state"), "{error}");
        assert!(error.contains("STANDBY"), "{error}");
    }
}
