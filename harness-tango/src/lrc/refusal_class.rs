//! Why a device says no.

use std::fmt;

use crate::control_model::ResultCode;

/// Why a device said no, as far as its words tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RefusalClass {
    /// Not allowed in the present obsState.
    ObsState,
    /// Not allowed in the present device state, or by the device's own check.
    DeviceState,
    /// The input is invalid.
    Input,
    /// The queue of the device is full.
    QueueFull,
    /// The queue is being aborted.
    QueueAborted,
    /// The device is already there.
    AlreadyThere,
    /// Accepted at first, but not allowed when its turn came.
    NotAllowedLater,
    /// The device has no such command: most likely the test is wrong.
    UnknownCommand,
    /// Something else.
    Other,
}

impl RefusalClass {
    /// Judges by the words of an exception: its reason and its description.
    #[must_use]
    pub fn of_exception(reason: &str, description: &str) -> RefusalClass {
        match reason {
            "API_CommandNotAllowed" if obs_state(description) => RefusalClass::ObsState,
            "API_CommandNotAllowed" => RefusalClass::DeviceState,
            "API_CommandNotFound" => RefusalClass::UnknownCommand,
            "API_IncompatibleCmdArgumentType" => RefusalClass::Input,
            _ => RefusalClass::of_words(description),
        }
    }

    /// Judges by the reason that came in place of an id.
    #[must_use]
    pub fn of_reply(code: ResultCode, words: &str) -> RefusalClass {
        match RefusalClass::of_words(words) {
            RefusalClass::Other if code == ResultCode::NotAllowed => RefusalClass::DeviceState,
            class => class,
        }
    }

    /// Judges by the result of a command that had been accepted.
    #[must_use]
    pub fn of_completion(code: ResultCode, words: &str) -> RefusalClass {
        // a failure with these words tells of another device, which said so to this one
        let late = code == ResultCode::NotAllowed
            || code == ResultCode::Rejected
                && (words.contains("Command is not allowed") || words.contains("'is_cmd_allowed'"));
        match RefusalClass::of_words(words) {
            _ if late => RefusalClass::NotAllowedLater,
            // it had been accepted
            RefusalClass::Other if code == ResultCode::Rejected => RefusalClass::NotAllowedLater,
            class => class,
        }
    }

    fn of_words(words: &str) -> RefusalClass {
        let lower = words.to_ascii_lowercase();
        let contains = |phrases: &[&str]| phrases.iter().any(|phrase| lower.contains(phrase));
        if obs_state(words) && forbids(&lower) {
            RefusalClass::ObsState
        } else if contains(&["input queue supports a maximum", "queue is full"]) {
            RefusalClass::QueueFull
        } else if contains(&["queue is being aborted"]) {
            RefusalClass::QueueAborted
        } else if contains(&["device is already in", "which is already a substate"]) {
            RefusalClass::AlreadyThere
        } else if contains(&["not allowed when the device is in", "not allowed in state"]) {
            RefusalClass::DeviceState
        } else if contains(&["validation", "json", "missing key", "schema", "malformed"]) {
            RefusalClass::Input
        } else if contains(&["the device has no command"]) {
            RefusalClass::UnknownCommand
        } else {
            RefusalClass::Other
        }
    }
}

/// Whether the words tell of the obsState.
fn obs_state(words: &str) -> bool {
    let lower = words.to_ascii_lowercase();
    lower.contains("observation state") || lower.contains("obsstate") || lower.contains("obs_state")
}

/// Whether the words, in lower case, say that something must not be; not that it took too long.
fn forbids(lower: &str) -> bool {
    let contains = |phrases: &[&str]| phrases.iter().any(|phrase| lower.contains(phrase));
    let forbidding = [
        "permitted",
        "allowed",
        "can not",
        "cannot",
        "can't",
        "only",
        "invalid",
        "wrong",
        "must be",
        "requires",
        "expected",
    ];
    contains(&forbidding) && !contains(&["timeout", "timed out", "time out"])
}

impl fmt::Display for RefusalClass {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            RefusalClass::ObsState => "not allowed in its obsState",
            RefusalClass::DeviceState => "not allowed in its state",
            RefusalClass::Input => "the input is invalid",
            RefusalClass::QueueFull => "its queue is full",
            RefusalClass::QueueAborted => "its queue is being aborted",
            RefusalClass::AlreadyThere => "it is already there",
            RefusalClass::NotAllowedLater => "not allowed when its turn came",
            RefusalClass::UnknownCommand => "it has no such command",
            RefusalClass::Other => "for a reason of its own",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::RefusalClass as Class;
    use crate::control_model::ResultCode;

    #[test]
    fn exceptions_are_judged_by_reason_and_words() {
        let state_model = "ska_tango_base.faults.StateModelError: Configure command not permitted \
                           in observation state EMPTY";
        assert_eq!(
            Class::of_exception("PyDs_PythonError", state_model),
            Class::ObsState
        );
        let not_allowed = "Command On not allowed when the device is in FAULT state";
        assert_eq!(
            Class::of_exception("API_CommandNotAllowed", not_allowed),
            Class::DeviceState
        );
        let json = "JSONDecodeError: Expecting value: line 1 column 1 (char 0)";
        assert_eq!(Class::of_exception("PyDs_PythonError", json), Class::Input);
        assert_eq!(
            Class::of_exception("PyDs_PythonError", "ValueError: no"),
            Class::Other
        );
    }

    #[test]
    fn replies_are_judged_by_their_reason() {
        let class = |words| Class::of_reply(ResultCode::Rejected, words);
        assert_eq!(
            class("Validation 'Low TMC configure 4.1' Missing key: 'csp'"),
            Class::Input
        );
        assert_eq!(
            class("Input queue supports a maximum of 32 commands"),
            Class::QueueFull
        );
        assert_eq!(class("Queue is being aborted"), Class::QueueAborted);
        assert_eq!(class("Device is already in ON state."), Class::AlreadyThere);
        assert_eq!(
            class("Configure not permitted in obsState EMPTY"),
            Class::ObsState
        );
        assert_eq!(
            Class::of_reply(ResultCode::NotAllowed, "no"),
            Class::DeviceState
        );
    }

    #[test]
    fn results_are_judged_by_code_and_words() {
        let class = Class::of_completion;
        assert_eq!(
            class(ResultCode::NotAllowed, "Command is not allowed"),
            Class::NotAllowedLater
        );
        let exception = "Exception from 'is_cmd_allowed' method: no";
        assert_eq!(
            class(ResultCode::Rejected, exception),
            Class::NotAllowedLater
        );
        assert_eq!(class(ResultCode::Rejected, ""), Class::NotAllowedLater);
        let aborted = "Queue is being aborted";
        assert_eq!(class(ResultCode::Rejected, aborted), Class::QueueAborted);
        assert_eq!(
            class(ResultCode::Failed, "Exception occurred on device"),
            Class::Other
        );
    }

    #[test]
    fn a_failure_that_only_mentions_the_obs_state_was_not_refused_because_of_it() {
        let class = |words| Class::of_completion(ResultCode::Failed, words);
        for words in [
            "Timeout has occurred while waiting for obsState READY, command failed",
            "low-sdp/subarray/01: obsState went to FAULT",
            "Timed out: the expected observation state was not seen",
        ] {
            assert_eq!(class(words), Class::Other, "{words}");
        }
        let tmc = "The invocation of the Configure command on this device is not allowed. Reason: \
                   The current observation state is EMPTY. The Configure command has NOT been \
                   executed.";
        assert_eq!(
            Class::of_exception("PyDs_PythonError", tmc),
            Class::ObsState
        );
        let below = "Exception occurred on the following devices: mid-csp/subarray/01: Command is \
                     not allowed";
        assert_eq!(class(below), Class::Other);
    }

    #[test]
    fn arguments_of_the_wrong_type_are_invalid_input() {
        let words = "Incompatible command argument type, expected type is : DevString";
        let class = Class::of_exception("API_IncompatibleCmdArgumentType", words);
        assert_eq!(class, Class::Input);
    }
}
