//! Lines of devices' logs.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;
use std::time::SystemTime;

use serde::{Serialize, Serializer};

use super::entry::rfc3339;

/// A line of a device's log.
///
/// ```
/// use harness_core::journal::LogLine;
///
/// let line = LogLine::new("low-sdp/subarray/01", "WARN", "the disk is nearly full");
/// assert_eq!(line.to_string(), "WARN: the disk is nearly full");
/// assert!(!line.is_error());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct LogLine {
    /// The canonical name of the device.
    pub device: Arc<str>,
    /// How urgent it is, in the device's own word: `INFO`.
    pub level: Arc<str>,
    /// What the device said.
    pub message: String,
    /// When, by the device's own clock, if it told; in JSON in RFC 3339, UTC.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "moment")]
    pub device_time: Option<SystemTime>,
}

impl LogLine {
    /// A line without a time of the device's own.
    pub fn new(
        device: impl Into<Arc<str>>,
        level: impl Into<Arc<str>>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            device: device.into(),
            level: level.into(),
            message: message.into(),
            device_time: None,
        }
    }

    /// Sets when the device said it, by its own clock.
    #[must_use]
    pub fn at(mut self, time: SystemTime) -> Self {
        self.device_time = Some(time);
        self
    }

    /// Whether the device says that something has failed: its word is `ERROR`, `FATAL` or
    /// `CRITICAL`.
    pub fn is_error(&self) -> bool {
        let words = ["ERROR", "FATAL", "CRITICAL"];
        words
            .iter()
            .any(|word| word.eq_ignore_ascii_case(&self.level))
    }
}

impl Display for LogLine {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.level, self.message)
    }
}

fn moment<S: Serializer>(time: &Option<SystemTime>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => rfc3339(time, serializer),
        None => serializer.serialize_none(),
    }
}
