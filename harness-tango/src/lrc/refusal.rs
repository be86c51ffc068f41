//! A device says no: at once or later, and in which of its ways.

use std::fmt;

use harness_core::DeviceError;
use harness_core::device::{DeviceErrorKind, StackFrame};
use thiserror::Error;

use super::protocol::Completion;
use super::refusal_class::RefusalClass;
use super::reply::LrcReply;
use crate::control_model::ResultCode;

/// Why a server gives up a call that waited too long for others to end.
const BUSY: &str = "API_CommandTimedOut";

/// In which way a device said no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusedBy {
    /// By an exception (a DevFailed).
    Exception,
    /// By its answer to the command, with this code.
    Reply(ResultCode),
    /// By the result of the command, which it had accepted at first.
    Completion(ResultCode),
}

impl fmt::Display for RefusedBy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RefusedBy::Exception => formatter.write_str("an exception"),
            RefusedBy::Reply(code) => write!(formatter, "the answer {code}"),
            RefusedBy::Completion(code) => write!(formatter, "the result {code}"),
        }
    }
}

/// A device said no to a command, in one of its ways, with its own words.
#[derive(Clone, Debug, Error)]
#[error("{device} refused {command} by {by} ({class}): {words}")]
#[non_exhaustive]
pub struct Refusal {
    /// The device.
    pub device: String,
    /// The command.
    pub command: String,
    /// In which way it said no.
    pub by: RefusedBy,
    /// Why, as far as its words tell.
    pub class: RefusalClass,
    /// Its words.
    pub words: String,
}

impl Refusal {
    /// The refusal in an error of a device; none when the device was not reached, did not answer,
    /// or was too busy to look at the command, since then it refused nothing.
    #[must_use]
    pub fn of_error(error: &DeviceError, command: &str) -> Option<Refusal> {
        let frames = || error.stack.iter();
        let is_busy = frames().any(|frame| frame.reason == BUSY);
        if error.kind != DeviceErrorKind::Refused || is_busy {
            return None;
        }
        let class = frames()
            .map(|frame| RefusalClass::of_exception(&frame.reason, &frame.description))
            .find(|class| *class != RefusalClass::Other)
            .unwrap_or(RefusalClass::Other);
        // unless it was another device, which this one asked for something
        let is_about_it = |frame: &StackFrame| {
            let description = frame.description.to_lowercase();
            description.contains(&command.to_lowercase())
        };
        let class = match class {
            RefusalClass::UnknownCommand if !frames().any(is_about_it) => RefusalClass::Other,
            class => class,
        };
        let words = error.most_specific().map_or_else(
            || error.to_string(),
            |frame| match &*frame.description {
                "" => frame.reason.clone(),
                description => description.to_owned(),
            },
        );
        Some(Refusal {
            device: error.device.clone(),
            command: command.to_owned(),
            by: RefusedBy::Exception,
            class,
            words,
        })
    }

    /// What to look at, or do, next.
    #[must_use]
    pub fn advice(&self) -> String {
        let Refusal {
            device, command, ..
        } = self;
        match self.class {
            RefusalClass::ObsState => format!(
                "bring {device} to an obsState in which {command} is allowed first; `harness \
                 graph` draws which that are"
            ),
            RefusalClass::DeviceState => format!(
                "look at the state and the adminMode of {device}: has it been switched on, and is \
                 it ONLINE?"
            ),
            RefusalClass::Input => {
                format!("correct the argument of {command}; the words of {device} say where")
            }
            RefusalClass::QueueFull => format!(
                "wait until {device} has worked off its queue, or abort it, before {command} is \
                 sent"
            ),
            RefusalClass::QueueAborted => {
                format!("wait for the end of the Abort under way before {command} is sent")
            }
            RefusalClass::AlreadyThere => {
                format!("nothing need be done: {device} is already where {command} leads")
            }
            RefusalClass::NotAllowedLater => format!(
                "what was in the queue of {device} before {command} changed its state: wait for \
                 the end of that first"
            ),
            RefusalClass::UnknownCommand => {
                format!("is {command} spelled as {device} has it? It has not, or no longer")
            }
            RefusalClass::Other => {
                format!("look at the log of {device}, and at the devices that its words name")
            }
        }
    }

    /// The refusal in an answer; none when the answer is QUEUED, STARTED or OK.
    #[must_use]
    pub fn of_reply(device: &str, command: &str, reply: &LrcReply) -> Option<Refusal> {
        let code = reply.code();
        if code.is_accepted() || code == ResultCode::Ok {
            return None;
        }
        let words = reply.message().unwrap_or("no reason was given");
        Some(Refusal {
            device: device.to_owned(),
            command: command.to_owned(),
            by: RefusedBy::Reply(code),
            class: RefusalClass::of_reply(code, words),
            words: words.to_owned(),
        })
    }

    /// The refusal in the result of a command: REJECTED, NOT_ALLOWED or FAILED.
    #[must_use]
    pub fn of_completion(device: &str, command: &str, completion: &Completion) -> Option<Refusal> {
        let code = completion.code;
        if !matches!(
            code,
            ResultCode::Rejected | ResultCode::NotAllowed | ResultCode::Failed
        ) {
            return None;
        }
        Some(Refusal {
            device: device.to_owned(),
            command: command.to_owned(),
            by: RefusedBy::Completion(code),
            class: RefusalClass::of_completion(code, &completion.message),
            words: completion.message.clone(),
        })
    }
}

#[cfg(test)]
mod tests {
    use harness_core::DeviceError;
    use harness_core::device::{DeviceErrorKind, StackFrame};

    use super::{Refusal, RefusedBy};
    use crate::control_model::ResultCode;
    use crate::lrc::{Completion, LrcReply, RefusalClass};

    #[test]
    fn an_exception_is_told_with_its_most_specific_words() {
        let error = DeviceError::refused("low-tmc/subarray/01", "Configure")
            .with_frame(StackFrame::new(
                "PyDs_PythonError",
                "StateModelError: Configure command not permitted in observation state EMPTY",
            ))
            .with_frame(StackFrame::new(
                "API_CommandFailed",
                "Failed to execute command_inout",
            ));
        let refusal = Refusal::of_error(&error, "Configure").unwrap();
        assert_eq!(refusal.class, RefusalClass::ObsState);
        assert_eq!(
            refusal.to_string(),
            "low-tmc/subarray/01 refused Configure by an exception (not allowed in its obsState): \
             StateModelError: Configure command not permitted in observation state EMPTY"
        );
    }

    #[test]
    fn who_was_not_reached_refused_nothing() {
        let error = DeviceError::new(DeviceErrorKind::TimedOut, "a/b/c", "Scan");
        assert!(Refusal::of_error(&error, "Scan").is_none());
    }

    #[test]
    fn only_codes_that_mean_no_are_refusals() {
        for code in ResultCode::ALL {
            let reply = Refusal::of_reply("d", "c", &LrcReply::new(*code, "why"));
            let accepted = [ResultCode::Ok, ResultCode::Started, ResultCode::Queued];
            assert_eq!(reply.is_none(), accepted.contains(code), "{code}");
            let completion = Refusal::of_completion("d", "c", &Completion::new("id", *code, "why"));
            let refusing = [
                ResultCode::Failed,
                ResultCode::Rejected,
                ResultCode::NotAllowed,
            ];
            assert_eq!(completion.is_some(), refusing.contains(code), "{code}");
        }
        let refusal =
            Refusal::of_reply("d", "c", &LrcReply::new(ResultCode::Rejected, "")).unwrap();
        assert_eq!(refusal.by, RefusedBy::Reply(ResultCode::Rejected));
        assert_eq!(refusal.words, "no reason was given");
    }
}
