use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The kinds of events that a Tango device sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EventKind {
    /// An attribute's value changed by more than its change limits, or the device pushed it.
    Change,
    /// An attribute's value, every so many milliseconds.
    Periodic,
    /// An attribute's value changed by more than its archive limits, or its archive period is over.
    Archive,
    /// An attribute's quality became or is no longer ALARM or WARNING. From IDL 6 on (Tango 10).
    Alarm,
    /// An attribute's value, pushed by the device whenever it likes.
    User,
    /// The device says that a value can be read now, without the value.
    DataReady,
    /// An attribute's configuration was changed.
    AttributeConfig,
    /// A device's commands or attributes were changed, or it started. Not about one attribute.
    InterfaceChange,
}

/// A word that is no kind of event.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0} is not a kind of event: there are {names}", names = EventKind::ALL.map(EventKind::name).join(", "))]
pub struct UnknownEventKind(pub String);

impl EventKind {
    /// All kinds.
    pub const ALL: [EventKind; 8] = [
        EventKind::Change,
        EventKind::Periodic,
        EventKind::Archive,
        EventKind::Alarm,
        EventKind::User,
        EventKind::DataReady,
        EventKind::AttributeConfig,
        EventKind::InterfaceChange,
    ];

    /// The word for it in a subscription and in a topic.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            EventKind::Change => "change",
            EventKind::Periodic => "periodic",
            EventKind::Archive => "archive",
            EventKind::Alarm => "alarm",
            EventKind::User => "user_event",
            EventKind::DataReady => "data_ready",
            EventKind::AttributeConfig => "attr_conf",
            EventKind::InterfaceChange => "intr_change",
        }
    }

    /// True if its events carry an attribute's value.
    #[must_use]
    pub fn carries_value(self) -> bool {
        match self {
            EventKind::Change
            | EventKind::Periodic
            | EventKind::Archive
            | EventKind::Alarm
            | EventKind::User => true,
            EventKind::DataReady | EventKind::AttributeConfig | EventKind::InterfaceChange => false,
        }
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for EventKind {
    type Err = UnknownEventKind;

    /// Reads a kind's word, in any case.
    fn from_str(word: &str) -> Result<EventKind, UnknownEventKind> {
        let mut kinds = EventKind::ALL.into_iter();
        kinds
            .find(|kind| kind.name().eq_ignore_ascii_case(word))
            .ok_or_else(|| UnknownEventKind(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_known_by_its_word() {
        for kind in EventKind::ALL {
            assert_eq!(kind.to_string().to_uppercase().parse(), Ok(kind));
        }
        let error = "quality".parse::<EventKind>().unwrap_err().to_string();
        assert!(error.starts_with("quality is not a kind"), "{error}");
        assert!(error.contains("user_event, data_ready"), "{error}");
    }
}
