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
    /// Something else.
    Other,
}

impl RefusalClass {
    /// Judges by the words of an exception: its reason and its description.
    #[must_use]
    pub fn of_exception(reason: &str, description: &str) -> RefusalClass {
        if reason == "API_CommandNotAllowed" {
            return match obs_state(description) {
                true => RefusalClass::ObsState,
                false => RefusalClass::DeviceState,
            };
        }
        RefusalClass::of_words(description)
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
        let late = code == ResultCode::NotAllowed
            || words.contains("Command is not allowed")
            || words.contains("'is_cmd_allowed'");
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
        if obs_state(words) {
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
}
