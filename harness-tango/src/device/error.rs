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

/// The reasons of devices that have no such attribute, or do not push events for it.
const NOT_PUSHED: [&str; 3] = [
    "API_AttrNotFound",
    "API_AttributePollingNotStarted",
    "API_EventPropertiesNotSet",
];

/// The error of an attempt to subscribe: whether asking again is useless stands in the reasons of
/// the device. Any other refusal may be one in passing, as of a device that is still starting.
pub(super) fn of_subscribing(mut error: DeviceError) -> DeviceError {
    let mut reasons = error.stack.iter().map(|frame| frame.reason.as_str());
    if error.kind == DeviceErrorKind::Refused && reasons.any(|it| NOT_PUSHED.contains(&it)) {
        error.kind = DeviceErrorKind::NotPushed;
    }
    error
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
    fn refusals_to_push_are_told_from_those_in_passing() {
        let kind = |reason: &str| {
            let error = DeviceError::refused(DEVICE, "subscribe to obsState")
                .with_frame(StackFrame::new(reason, "no"))
                .with_frame(StackFrame::new("API_DeviceError", "below"));
            of_subscribing(error).kind
        };
        for reason in NOT_PUSHED {
            assert_eq!(kind(reason), DeviceErrorKind::NotPushed, "{reason}");
        }
        assert_eq!(kind("API_AttrNotAllowed"), DeviceErrorKind::Refused);
        let silent = DeviceError::new(DeviceErrorKind::TimedOut, DEVICE, "subscribe")
            .with_frame(StackFrame::new("API_AttrNotFound", "no"));
        assert_eq!(of_subscribing(silent).kind, DeviceErrorKind::TimedOut);
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
