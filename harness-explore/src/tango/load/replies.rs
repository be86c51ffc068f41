//! What the replies of SKA devices say.

use harness_core::{DeviceError, Value};
use harness_tango::control_model::ResultCode;
use harness_tango::lrc::{LrcReply, Refusal, RefusalClass};

use crate::load::{Answer, Replies, ResultClass};

/// Why Tango refuses what a client asks of a device that another one has locked.
const LOCKED: &str = "API_DeviceLocked";

/// What the replies of SKA devices say: a command that is not allowed now (REJECTED or NOT_ALLOWED in the
/// reply, an exception about the state, a full queue, another client that has locked the device) is rejected,
/// and every other refusal is a failure. A reply of another form, as that of State, is a success.
#[derive(Clone, Copy, Debug, Default)]
pub struct SkaReplies;

impl Replies for SkaReplies {
    fn answer(&self, command: &str, outcome: Result<&Value, &DeviceError>) -> Answer {
        match outcome {
            Ok(value) => of_reply(value),
            Err(error) => {
                let mut answer = Answer::of_error(error);
                let refusal = Refusal::of_error(error, command);
                let is_locked = error.stack.iter().any(|frame| frame.reason == LOCKED);
                if is_locked || refusal.is_some_and(|it| is_rejection(it.class)) {
                    answer.class = ResultClass::Rejected;
                }
                answer
            }
        }
    }
}

fn of_reply(value: &Value) -> Answer {
    // what is no list of codes and texts is no such reply, and need not be looked into
    if !matches!(value.as_list(), Some([Value::List(_), Value::List(_)])) {
        return Answer::DONE;
    }
    let Ok(reply) = LrcReply::try_from(value) else {
        return Answer::DONE;
    };
    if let Some(id) = reply.id() {
        return Answer::accepted(id);
    }
    match class_of(reply.code()) {
        ResultClass::Ok => Answer::DONE,
        class => Answer::ended_as(class, reply.to_string()),
    }
}

/// What a code says; that it goes on is good for now.
pub(super) fn class_of(code: ResultCode) -> ResultClass {
    match code {
        ResultCode::Ok | ResultCode::Started | ResultCode::Queued => ResultClass::Ok,
        ResultCode::Rejected | ResultCode::NotAllowed => ResultClass::Rejected,
        ResultCode::Aborted => ResultClass::Interrupted,
        _ => ResultClass::DevFailed,
    }
}

/// Whether the command may be allowed at another time.
fn is_rejection(class: RefusalClass) -> bool {
    matches!(
        class,
        RefusalClass::ObsState
            | RefusalClass::DeviceState
            | RefusalClass::QueueFull
            | RefusalClass::QueueAborted
            | RefusalClass::AlreadyThere
            | RefusalClass::NotAllowedLater
    )
}

#[cfg(test)]
mod tests {
    use harness_core::device::StackFrame;

    use super::*;

    fn reply(code: i64, text: &str) -> Answer {
        let value = Value::List(vec![vec![code].into(), vec![text].into()]);
        SkaReplies.answer("Scan", Ok(&value))
    }

    #[test]
    fn replies_are_understood_by_their_code() {
        assert_eq!(reply(2, "17_Scan"), Answer::accepted("17_Scan"));
        assert_eq!(reply(0, "done"), Answer::DONE);
        assert_eq!(reply(5, "no").class, ResultClass::Rejected);
        assert_eq!(reply(6, "").class, ResultClass::Rejected);
        let failed = reply(3, "no beam");
        assert_eq!(failed.class, ResultClass::DevFailed);
        assert_eq!(failed.words.as_deref(), Some("FAILED: no beam"));
        for other in [Value::Void, "ON".into(), vec![1.0].into()] {
            assert_eq!(SkaReplies.answer("State", Ok(&other)), Answer::DONE);
        }
    }

    #[test]
    fn an_exception_about_the_state_is_a_rejection_and_any_other_a_failure() {
        let class = |reason: &str, words: &str| {
            let frame = StackFrame::new(reason, words);
            let error = DeviceError::refused("a/b/c", "Scan").with_frame(frame);
            SkaReplies.answer("Scan", Err(&error)).class
        };
        let words = "Scan not allowed in observation state EMPTY";
        assert_eq!(class("API_CommandNotAllowed", words), ResultClass::Rejected);
        assert_eq!(
            class("API_DeviceLocked", "by another"),
            ResultClass::Rejected
        );
        let words = "command Scan not found";
        assert_eq!(class("API_CommandNotFound", words), ResultClass::DevFailed);
        assert_eq!(
            class("PyDs_PythonError", "ValueError: no"),
            ResultClass::DevFailed
        );
        // too busy to look at it
        assert_eq!(class("API_CommandTimedOut", words), ResultClass::DevFailed);
    }
}
