//! One line of a device's log.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use super::LogLevel;
use crate::types::Value;

/// One line of a device's log.
#[derive(Clone, Debug)]
pub(super) struct LogRecord {
    pub(super) time: SystemTime,
    pub(super) level: LogLevel,
    pub(super) device: Arc<str>,
    pub(super) message: Arc<str>,
}

impl LogRecord {
    /// What the command `Log` of a consumer takes: milliseconds since 1970, level, source,
    /// message, context and thread. There is no context, and a device here has no thread.
    pub(super) fn to_wire(&self) -> Value {
        let since = self.time.duration_since(UNIX_EPOCH).unwrap_or_default();
        Value::Strings(vec![
            since.as_millis().to_string(),
            self.level.name().to_owned(),
            self.device.to_string(),
            sendable(&self.message),
            String::new(),
            "-".to_owned(),
        ])
    }
}

/// The text in the letters that Tango can carry, ISO-8859-1 without NUL; a `?` for each other.
fn sendable(text: &str) -> String {
    let fits = |letter: &char| matches!(letter, '\u{1}'..='\u{ff}');
    text.chars()
        .map(|letter| if fits(&letter) { letter } else { '?' })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_consumer_gets_six_texts() {
        let record = LogRecord {
            time: UNIX_EPOCH + Duration::from_millis(1_700_000_000_123),
            level: LogLevel::Warning,
            device: "a/b/c".into(),
            message: "5 \u{20ac}".into(),
        };
        let texts = ["1700000000123", "WARN", "a/b/c", "5 ?", "", "-"];
        assert_eq!(
            record.to_wire(),
            Value::Strings(texts.map(str::to_owned).to_vec())
        );
    }
}
