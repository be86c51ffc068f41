//! How a long running command ended.

use std::fmt;

use harness_tango::control_model::ResultCode;

/// How a long running command ended: a result code and a message.
///
/// Its text is JSON with the spacing of Python's `json.dumps`, because Python tests compare it as
/// text.
///
/// ```
/// use harness_sim::lrc::Outcome;
/// use harness_tango::control_model::ResultCode;
///
/// let outcome = Outcome::new(ResultCode::Ok, "Configure completed OK");
/// assert_eq!(outcome.to_string(), r#"[0, "Configure completed OK"]"#);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    code: ResultCode,
    message: String,
}

impl Outcome {
    /// An outcome.
    #[must_use]
    pub fn new(code: ResultCode, message: impl Into<String>) -> Outcome {
        Outcome {
            code,
            message: message.into(),
        }
    }

    /// That of a command which an abort ended.
    #[must_use]
    pub fn aborted() -> Outcome {
        Outcome::new(ResultCode::Aborted, "Command has been aborted")
    }

    /// That of a command which was not allowed any more when its turn came.
    #[must_use]
    pub fn not_allowed() -> Outcome {
        Outcome::new(ResultCode::NotAllowed, "Command is not allowed")
    }

    /// The result code.
    #[must_use]
    pub const fn code(&self) -> ResultCode {
        self.code
    }

    /// The message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "[{}, \"", self.code.number())?;
        for letter in self.message.chars() {
            match letter {
                '"' => formatter.write_str("\\\"")?,
                '\\' => formatter.write_str("\\\\")?,
                '\n' => formatter.write_str("\\n")?,
                '\r' => formatter.write_str("\\r")?,
                '\t' => formatter.write_str("\\t")?,
                '\u{8}' => formatter.write_str("\\b")?,
                '\u{c}' => formatter.write_str("\\f")?,
                ' '..='~' => write!(formatter, "{letter}")?,
                _ => {
                    for unit in letter.encode_utf16(&mut [0; 2]) {
                        write!(formatter, "\\u{unit:04x}")?;
                    }
                }
            }
        }
        formatter.write_str("\"]")
    }
}

#[cfg(test)]
mod tests {
    use super::{Outcome, ResultCode};

    #[test]
    fn the_text_is_what_python_would_write() {
        let outcome = Outcome::new(ResultCode::Failed, "\"café\"\n\\ \u{7f}\u{1f600}");
        assert_eq!(
            outcome.to_string(),
            r#"[3, "\"caf\u00e9\"\n\\ \u007f\ud83d\ude00"]"#
        );
    }

    #[test]
    fn the_text_reads_back() {
        let message = "tab\t, bell\u{7}, quote \", feed \u{c}, Grüße, \u{1f980}";
        let text = Outcome::new(ResultCode::Ok, message).to_string();
        let (code, read): (i64, String) = serde_json::from_str(&text).unwrap();
        assert_eq!((code, read.as_str()), (0, message));
    }
}
