//! What goes wrong in cppTango, as the harness tells it.

use harness_core::DeviceError;
use harness_core::device::{DeviceErrorKind, Severity, StackFrame};
use tango_client::{ErrSeverity, TangoError};

use super::proxies::{CallError, MOST_AT_ONCE};

/// What the frames begin with that are of the crate itself, not of cppTango or a device.
const ITS_OWN: &str = "c_tango_";

/// The reasons by which cppTango says that it did not get through to a device.
const NOT_REACHED: [&str; 9] = [
    "API_CantConnectToDatabase",
    "API_CantConnectToDevice",
    "API_CommunicationFailed",
    "API_CorbaException",
    "API_DeviceNotDefined",
    "API_DeviceNotExported",
    "API_ServerNotRunning",
    "API_TangoHostNotSet",
    "DB_DeviceNotDefined",
];

/// Whether it is the crate that can not do this, after the device has done it.
pub(super) fn is_its_own(error: &TangoError) -> bool {
    let first = error.failures.first();
    first.is_some_and(|frame| frame.origin.starts_with(ITS_OWN))
}

/// The error of an operation on a device. The first frame is the most specific one: of the device if
/// it answered, of cppTango if not.
pub(super) fn device_error(device: &str, operation: &str, error: CallError) -> DeviceError {
    let with_words = |kind, words: String| {
        DeviceError::new(kind, device, operation).with_frame(StackFrame::new("", words))
    };
    match error {
        CallError::Failed(error) => {
            let (kind, telling) = judged(&error, device);
            let mut stack: Vec<StackFrame> = error.failures.into_iter().map(frame).collect();
            // above it stands what the ORB calls it, which says less
            if let Some(first) = stack.get_mut(..=telling) {
                first.rotate_right(1);
            }
            DeviceError::new(kind, device, operation).with_stack(stack)
        }
        CallError::Panicked => with_words(
            DeviceErrorKind::Protocol,
            "tango-client panicked: it does not know what came".to_owned(),
        ),
        CallError::NoTurn(after) => with_words(
            DeviceErrorKind::Unreachable,
            format!("no turn within {after:?} behind {MOST_AT_ONCE} other calls; it was not sent"),
        ),
        CallError::TimedOut(after) => with_words(
            DeviceErrorKind::TimedOut,
            format!("no answer within {after:?}; it may still be at it"),
        ),
        CallError::NoThread(error) => with_words(
            DeviceErrorKind::Unreachable,
            format!("no thread for its calls ({error})"),
        ),
    }
}

/// What kind of error it is, and which frame says so.
///
/// cppTango puts its frames last. Those before may be of a device that did not get through to another
/// one, and passes on what cppTango said of that; so what is not the last one has to name the device.
fn judged(error: &TangoError, device: &str) -> (DeviceErrorKind, usize) {
    let mut frames = error.failures.iter().enumerate().rev();
    let last = frames.next();
    let is_summary = |reason: &str| matches!(reason, "API_AttributeFailed" | "API_CommandFailed");
    let before = match last {
        Some((_, frame)) if is_summary(&frame.reason) => frames.next(),
        _ => None,
    };
    let of_device = before.filter(|(_, frame)| frame.desc.to_ascii_lowercase().contains(device));
    for (index, frame) in [last, of_device].into_iter().flatten() {
        match frame.reason.as_str() {
            "API_DeviceTimedOut" => return (DeviceErrorKind::TimedOut, index),
            reason if NOT_REACHED.contains(&reason) => {
                return (DeviceErrorKind::Unreachable, index);
            }
            _ => {}
        }
    }
    match is_its_own(error) {
        true => (DeviceErrorKind::NotSupported, 0),
        false => (DeviceErrorKind::Refused, 0),
    }
}

fn frame(failure: tango_client::error::TangoFailure) -> StackFrame {
    StackFrame {
        reason: failure.reason,
        description: failure.desc,
        origin: failure.origin,
        severity: match failure.severity {
            ErrSeverity::Warn => Severity::Warning,
            ErrSeverity::Err => Severity::Error,
            ErrSeverity::Panic => Severity::Panic,
        },
    }
}

#[cfg(test)]
mod tests {
    use tango_client::error::TangoFailure;

    use super::*;

    const DEVICE: &str = "low-tmc/subarray/01";

    fn told(frames: &[(&str, &str)]) -> DeviceError {
        let failures = frames.iter().map(|(reason, desc)| TangoFailure {
            desc: (*desc).to_owned(),
            reason: (*reason).to_owned(),
            origin: "somewhere".to_owned(),
            severity: ErrSeverity::Err,
        });
        let failures = failures.collect();
        device_error(DEVICE, "Scan", CallError::Failed(TangoError { failures }))
    }

    #[test]
    fn a_refusal_begins_with_the_words_of_the_device() {
        let error = told(&[
            ("API_CommandNotAllowed", "not now"),
            ("API_CommandFailed", "Failed to execute command_inout"),
        ]);
        assert_eq!(error.kind, DeviceErrorKind::Refused);
        assert_eq!(
            error.to_string(),
            "low-tmc/subarray/01 refused Scan: not now (API_CommandNotAllowed)"
        );
        assert_eq!(error.stack.len(), 2);
    }

    #[test]
    fn a_device_that_did_not_reach_another_one_was_reached_itself() {
        let error = told(&[
            ("API_CorbaException", "TRANSIENT"),
            ("API_CantConnectToDevice", "of a subsystem"),
            ("API_CommandFailed", "Failed to execute command_inout"),
        ]);
        assert_eq!(error.kind, DeviceErrorKind::Refused);
    }

    #[test]
    fn a_device_whose_server_is_gone_is_not_reached() {
        let error = told(&[
            ("API_CorbaException", "TRANSIENT_ConnectFailed"),
            (
                "API_ServerNotRunning",
                "Failed to connect to device low-tmc/Subarray/01",
            ),
            ("API_AttributeFailed", "Failed to read_attribute"),
        ]);
        assert_eq!(error.kind, DeviceErrorKind::Unreachable);
        let reasons: Vec<&str> = error.stack.iter().map(|it| it.reason.as_str()).collect();
        let expected = [
            "API_ServerNotRunning",
            "API_CorbaException",
            "API_AttributeFailed",
        ];
        assert_eq!(reasons, expected);
    }

    #[test]
    fn a_call_that_had_no_turn_is_no_silence_of_the_device() {
        let waited = CallError::NoTurn(std::time::Duration::from_secs(6));
        let error = device_error(DEVICE, "Scan", waited);
        assert_eq!(error.kind, DeviceErrorKind::Unreachable);
        assert_eq!(
            error.to_string(),
            "low-tmc/subarray/01 can not be reached for Scan: \
             no turn within 6s behind 8 other calls; it was not sent"
        );
    }

    #[test]
    fn silence_and_absence_are_told_apart_and_in_plain_words() {
        let late = told(&[
            ("API_CorbaException", "TRANSIENT_CallTimedout"),
            ("API_DeviceTimedOut", "Timeout (3000 mS) exceeded"),
        ]);
        assert_eq!(late.kind, DeviceErrorKind::TimedOut);
        assert_eq!(
            late.to_string(),
            "low-tmc/subarray/01 did not answer Scan in time: \
             Timeout (3000 mS) exceeded (API_DeviceTimedOut)"
        );
        for reason in NOT_REACHED {
            let absent = told(&[("API_CorbaException", "TRANSIENT"), (reason, "no way")]);
            assert_eq!(absent.kind, DeviceErrorKind::Unreachable, "{reason}");
        }
    }
}
