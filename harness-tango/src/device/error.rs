//! Errors of the wire, as the harness tells them.

use harness_core::DeviceError;
use harness_core::device::{DeviceErrorKind, StackFrame};
use tango_wire::Error;

use super::from_wire::stack;

/// The error of an operation on a device. What the wire knows of the device and the operation is
/// dropped, since the error of the harness begins with both.
pub(super) fn device_error(device: &str, operation: &str, error: Error) -> DeviceError {
    let plain = |kind| DeviceError::new(kind, device, operation);
    let with_words = |kind, words: String| plain(kind).with_frame(StackFrame::new("", words));
    match error {
        Error::DevFailed { failure, .. } => {
            plain(DeviceErrorKind::Refused).with_stack(stack(&failure))
        }
        Error::TimedOut { after, .. } => with_words(
            DeviceErrorKind::TimedOut,
            format!("no answer within {after:?}; it may still be at it"),
        ),
        Error::Unreachable { address, source } => {
            let words = format!("no connection to {address} ({source})");
            with_words(DeviceErrorKind::Unreachable, words)
        }
        error @ Error::NotDefined { .. } | error @ Error::Name { .. } => {
            with_words(DeviceErrorKind::Unreachable, error.to_string())
        }
        error @ Error::Closed { .. } | error @ Error::System { .. } => {
            with_cause(DeviceErrorKind::Unreachable, device, operation, error)
        }
        error @ Error::Argument { .. } => {
            with_cause(DeviceErrorKind::NotSupported, device, operation, error)
        }
        error => match error.dev_failed().map(stack) {
            Some(stack) => plain(DeviceErrorKind::Refused).with_stack(stack),
            None => with_cause(DeviceErrorKind::Protocol, device, operation, error),
        },
    }
}

/// The words of the error and of those below it, in one line.
fn with_cause(kind: DeviceErrorKind, device: &str, operation: &str, error: Error) -> DeviceError {
    let mut words = error.to_string();
    let mut cause = std::error::Error::source(&error);
    while let Some(below) = cause {
        words = format!("{words}: {below}");
        cause = below.source();
    }
    DeviceError::new(kind, device, operation).with_frame(StackFrame::new("", words))
}

/// Something that the harness itself found out before it asked the device.
pub(super) fn not_sent(device: &str, operation: &str, words: impl ToString) -> DeviceError {
    DeviceError::new(DeviceErrorKind::NotSupported, device, operation)
        .with_frame(StackFrame::new("", words.to_string()))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tango_wire::types::DevFailed;

    use super::*;

    const DEVICE: &str = "low-tmc/subarray/01";

    #[test]
    fn the_words_of_a_device_stay_a_stack() {
        let failure = DevFailed::new("API_CommandNotAllowed", "not now", "Subarray::scan");
        let error = device_error(
            DEVICE,
            "Scan",
            Error::DevFailed {
                device: DEVICE.into(),
                operation: "command Scan".into(),
                failure,
            },
        );
        assert_eq!(error.kind, DeviceErrorKind::Refused);
        assert_eq!(error.stack[0].origin, "Subarray::scan");
        assert_eq!(
            error.to_string(),
            "low-tmc/subarray/01 refused Scan: not now (API_CommandNotAllowed)"
        );
    }

    #[test]
    fn those_who_were_not_reached_are_told_with_their_address() {
        let source = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let unreachable = Error::Unreachable {
            address: "h:10000".into(),
            source,
        };
        let error = device_error(DEVICE, "connect", unreachable);
        assert_eq!(error.kind, DeviceErrorKind::Unreachable);
        let text = error.to_string();
        assert!(
            text.contains("no connection to h:10000 (connection refused)"),
            "{text}"
        );
        let silent = Error::TimedOut {
            device: DEVICE.into(),
            operation: "ping".into(),
            after: Duration::from_secs(3),
        };
        assert_eq!(
            device_error(DEVICE, "ping", silent).kind,
            DeviceErrorKind::TimedOut
        );
    }
}
