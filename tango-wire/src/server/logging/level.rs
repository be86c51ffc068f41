//! How much a device says.

use std::fmt;

/// How urgent a line of a device's log is, or which lines a device says: those of its level and
/// the more urgent ones.
///
/// ```
/// use tango_wire::server::LogLevel;
///
/// assert!(LogLevel::Error < LogLevel::Info);
/// assert_eq!(LogLevel::from_name("WARN"), Some(LogLevel::Warning));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LogLevel {
    /// Nothing is said.
    Off,
    /// The device cannot go on.
    Fatal,
    /// Something has failed.
    Error,
    /// Something may fail.
    Warning,
    /// What happens.
    Info,
    /// What happens, in detail.
    Debug,
}

impl LogLevel {
    /// All levels, by their numbers.
    pub const ALL: &'static [LogLevel] = &[
        LogLevel::Off,
        LogLevel::Fatal,
        LogLevel::Error,
        LogLevel::Warning,
        LogLevel::Info,
        LogLevel::Debug,
    ];

    /// Its number, as `SetLoggingLevel` takes it.
    #[must_use]
    pub const fn number(self) -> i32 {
        self as i32
    }

    /// The level with this number.
    #[must_use]
    pub fn from_number(number: i32) -> Option<LogLevel> {
        let mut all = LogLevel::ALL.iter().copied();
        all.find(|level| level.number() == number)
    }

    /// Its name, as log consumers get it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            LogLevel::Off => "OFF",
            LogLevel::Fatal => "FATAL",
            LogLevel::Error => "ERROR",
            LogLevel::Warning => "WARN",
            LogLevel::Info => "INFO",
            LogLevel::Debug => "DEBUG",
        }
    }

    /// The level of that name, in any case of letters; `WARNING` is one, too.
    #[must_use]
    pub fn from_name(name: &str) -> Option<LogLevel> {
        if name.eq_ignore_ascii_case("WARNING") {
            return Some(LogLevel::Warning);
        }
        let mut all = LogLevel::ALL.iter().copied();
        all.find(|level| level.name().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for LogLevel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::LogLevel;

    #[test]
    fn every_level_is_found_by_its_number_and_its_name() {
        for level in LogLevel::ALL {
            assert_eq!(LogLevel::from_number(level.number()), Some(*level));
            assert_eq!(LogLevel::from_name(level.name()), Some(*level));
        }
        assert_eq!(LogLevel::from_number(6), None);
        assert_eq!(LogLevel::from_name("TRACE"), None);
    }
}
