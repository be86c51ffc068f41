//! What a device answered when it did not do what was asked.

use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A device did not do what was asked.
///
/// `Display` is one line with the device's most useful words; the whole error stack of the device
/// is in [`stack`](Self::stack).
///
/// ```
/// use harness_core::device::{DeviceError, StackFrame};
///
/// let error = DeviceError::refused("low-tmc/subarray/01", "Configure").with_frame(StackFrame::new(
///     "API_CommandNotAllowed",
///     "Configure is not allowed in obsState EMPTY",
/// ));
/// assert_eq!(
///     error.to_string(),
///     "low-tmc/subarray/01 refused Configure: \
///      Configure is not allowed in obsState EMPTY (API_CommandNotAllowed)"
/// );
/// ```
#[derive(Clone, Debug, Serialize)]
pub struct DeviceError {
    /// The canonical name of the device.
    pub device: String,
    /// What was asked: the name of the command, or `read obsState`, `subscribe to obsState`.
    pub operation: String,
    /// What went wrong, by class.
    pub kind: DeviceErrorKind,
    /// The error stack of the device, the most specific frame first.
    pub stack: Vec<StackFrame>,
    /// The error below this one, when there is one.
    #[serde(skip)]
    source: Option<Arc<dyn Error + Send + Sync>>,
}

/// The classes of device errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DeviceErrorKind {
    /// The device was reached and said no.
    Refused,
    /// The device was reached, and has no such attribute or pushes no events for it: subscribing
    /// again is useless.
    NotPushed,
    /// The device could not be reached.
    Unreachable,
    /// The device did not answer in time.
    TimedOut,
    /// The device, or the way to it, can not do this at all.
    NotSupported,
    /// The answer could not be understood.
    Protocol,
}

/// One frame of a device's error stack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackFrame {
    /// The class of the error, such as `API_CommandNotAllowed`.
    pub reason: String,
    /// What happened, in the device's words.
    pub description: String,
    /// Where it happened, usually a function of the device server.
    pub origin: String,
    /// How bad it is.
    pub severity: Severity,
}

/// How bad the device says an error is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Only a warning.
    Warning,
    /// An error.
    #[default]
    Error,
    /// A disaster.
    Panic,
}

impl StackFrame {
    /// An error of that reason and description, its origin unknown.
    pub fn new(reason: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            description: description.into(),
            origin: String::new(),
            severity: Severity::Error,
        }
    }
}

/// `what happened (reason)`, as far as they are known.
impl Display for StackFrame {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut words = self.description.split_whitespace();
        let Some(first) = words.next() else {
            return f.write_str(&self.reason);
        };
        f.write_str(first)?;
        words.try_for_each(|word| write!(f, " {word}"))?;
        match self.reason.as_str() {
            "" => Ok(()),
            reason => write!(f, " ({reason})"),
        }
    }
}

impl DeviceError {
    /// An error of that kind, for `device` asked to do `operation`.
    pub fn new(
        kind: DeviceErrorKind,
        device: impl Into<String>,
        operation: impl Into<String>,
    ) -> Self {
        Self {
            device: device.into(),
            operation: operation.into(),
            kind,
            stack: Vec::new(),
            source: None,
        }
    }

    /// The device said no.
    pub fn refused(device: impl Into<String>, operation: impl Into<String>) -> Self {
        Self::new(DeviceErrorKind::Refused, device, operation)
    }

    /// Adds a frame at the end of the stack: the most specific one is added first.
    #[must_use]
    pub fn with_frame(mut self, frame: StackFrame) -> Self {
        self.stack.push(frame);
        self
    }

    /// Replaces the stack.
    #[must_use]
    pub fn with_stack(mut self, stack: Vec<StackFrame>) -> Self {
        self.stack = stack;
        self
    }

    /// Sets the error below this one.
    #[must_use]
    pub fn with_source(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }

    /// The first frame that has something to say.
    pub fn most_specific(&self) -> Option<&StackFrame> {
        self.stack
            .iter()
            .find(|frame| !frame.description.is_empty() || !frame.reason.is_empty())
    }
}

impl Display for DeviceError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self {
            device, operation, ..
        } = self;
        match self.kind {
            DeviceErrorKind::Refused | DeviceErrorKind::NotPushed => {
                write!(f, "{device} refused {operation}")
            }
            DeviceErrorKind::Unreachable => {
                write!(f, "{device} can not be reached for {operation}")
            }
            DeviceErrorKind::TimedOut => write!(f, "{device} did not answer {operation} in time"),
            DeviceErrorKind::NotSupported => write!(f, "{device} does not support {operation}"),
            DeviceErrorKind::Protocol => {
                write!(
                    f,
                    "{device} answered {operation} in a way that can not be understood"
                )
            }
        }?;
        match self.most_specific() {
            None => Ok(()),
            Some(frame) => write!(f, ": {frame}"),
        }
    }
}

impl Error for DeviceError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn Error + 'static))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_has_the_most_useful_words() {
        let error = DeviceError::new(DeviceErrorKind::TimedOut, "a/b/c", "Scan")
            .with_frame(StackFrame::new("", ""))
            .with_frame(StackFrame::new(
                "API_DeviceTimedOut",
                "no answer\n   for 3 s",
            ));
        assert_eq!(
            error.to_string(),
            "a/b/c did not answer Scan in time: no answer for 3 s (API_DeviceTimedOut)"
        );
    }

    #[test]
    fn without_a_stack_the_line_ends_with_the_operation() {
        let error = DeviceError::new(DeviceErrorKind::Unreachable, "a/b/c", "read obsState");
        assert_eq!(
            error.to_string(),
            "a/b/c can not be reached for read obsState"
        );
    }

    #[test]
    fn the_source_is_chained_and_not_repeated() {
        let error = DeviceError::new(DeviceErrorKind::Unreachable, "a/b/c", "Scan")
            .with_source(std::io::Error::other("connection refused"));
        assert!(!error.to_string().contains("connection refused"));
        assert_eq!(
            error.source().map(ToString::to_string).as_deref(),
            Some("connection refused")
        );
    }

    #[test]
    fn serialises_the_stack() {
        let error =
            DeviceError::refused("a/b/c", "Scan").with_frame(StackFrame::new("Why", "because"));
        let json = serde_json::to_value(&error).unwrap();
        assert_eq!(json["kind"], "refused");
        assert_eq!(json["stack"][0]["description"], "because");
    }
}
