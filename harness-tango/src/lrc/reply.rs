//! What a device answers at once to a long running command.

use std::fmt;

use harness_core::Value;
use thiserror::Error;

use crate::control_model::{ResultCode, UnknownWord};

/// What a device answers at once: a result code, and the id of the command or a reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LrcReply {
    code: ResultCode,
    text: String,
}

/// An answer that is none to a long running command.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum ReplyError {
    /// Not a result code with a text.
    #[error("the answer {answer} is not a result code with an id or a reason")]
    Shape {
        /// What the device answered.
        answer: Value,
    },
    /// The code is none.
    #[error("the answer begins with a result code that does not exist")]
    Code(#[source] UnknownWord),
}

impl LrcReply {
    /// An answer.
    #[must_use]
    pub fn new(code: ResultCode, text: impl Into<String>) -> LrcReply {
        LrcReply {
            code,
            text: text.into(),
        }
    }

    /// The result code.
    #[must_use]
    pub fn code(&self) -> ResultCode {
        self.code
    }

    /// The id of the command; none when it was not accepted.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        (self.code.is_accepted() && !self.text.is_empty()).then_some(&*self.text)
    }

    /// What to say of a command that was accepted without an id.
    pub(super) fn without_id(&self) -> String {
        format!(
            "the device answered {} without an id, so that no result can be recognised",
            self.code
        )
    }

    /// The answer in words: `QUEUED, id 17.1_4_Scan`, or `REJECTED: queue is full`.
    pub(super) fn in_words(&self) -> String {
        match self.id() {
            Some(id) => format!("{}, id {id}", self.code),
            None => self.to_string(),
        }
    }

    /// The reason or message; none when the command was accepted, since then there is an id.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        (!self.code.is_accepted() && !self.text.is_empty()).then_some(&*self.text)
    }
}

impl TryFrom<&Value> for LrcReply {
    type Error = ReplyError;

    /// Reads a `DevVarLongStringArray`: a list of codes and a list of texts, the first of each.
    /// Devices from before long running commands answer nothing: then the command is done.
    fn try_from(answer: &Value) -> Result<LrcReply, ReplyError> {
        if answer.is_void() {
            return Ok(LrcReply::new(ResultCode::Ok, ""));
        }
        let shape = || ReplyError::Shape {
            answer: answer.clone(),
        };
        let [codes, texts] = answer.as_list().ok_or_else(shape)? else {
            return Err(shape());
        };
        let first = |list: &Value| list.as_list().and_then(|list| list.first().cloned());
        let code = first(codes)
            .as_ref()
            .and_then(Value::as_int)
            .ok_or_else(shape)?;
        let text = first(texts).ok_or_else(shape)?;
        let text = text.as_str().ok_or_else(shape)?;
        let code = ResultCode::try_from(code).map_err(ReplyError::Code)?;
        Ok(LrcReply::new(code, text))
    }
}

impl fmt::Display for LrcReply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.text {
            "" => write!(formatter, "{}", self.code),
            text => write!(formatter, "{}: {text}", self.code),
        }
    }
}

#[cfg(test)]
mod tests {
    use harness_core::Value;

    use super::{LrcReply, ReplyError};
    use crate::control_model::ResultCode;

    fn answer(codes: impl Into<Value>, texts: impl Into<Value>) -> Value {
        Value::List(vec![codes.into(), texts.into()])
    }

    #[test]
    fn accepted_commands_have_an_id_and_others_a_reason() {
        let queued = LrcReply::try_from(&answer([2], ["17_1_Scan"])).unwrap();
        assert_eq!(
            (queued.code(), queued.id(), queued.message()),
            (ResultCode::Queued, Some("17_1_Scan"), None)
        );
        let rejected = LrcReply::try_from(&answer([5], ["queue is full"])).unwrap();
        assert_eq!(
            (rejected.id(), rejected.message()),
            (None, Some("queue is full"))
        );
        assert_eq!(rejected.to_string(), "REJECTED: queue is full");
        assert_eq!(LrcReply::try_from(&answer([1], [""])).unwrap().id(), None);
    }

    #[test]
    fn no_answer_means_that_the_command_is_done() {
        let done = LrcReply::try_from(&Value::Void).unwrap();
        assert_eq!(done, LrcReply::new(ResultCode::Ok, ""));
        assert_eq!((done.id(), done.message()), (None, None));
    }

    #[test]
    fn other_answers_are_refused() {
        let none: [i32; 0] = [];
        for wrong in [
            Value::from("id"),
            Value::from(["id"]),
            answer(none, ["id"]),
            answer([2], none),
            answer([2], [5]),
            answer(["2"], ["id"]),
            answer(2, "id"),
        ] {
            let error = LrcReply::try_from(&wrong).unwrap_err();
            assert!(
                matches!(error, ReplyError::Shape { .. }),
                "{wrong}: {error}"
            );
        }
        assert!(matches!(
            LrcReply::try_from(&answer([99], ["id"])),
            Err(ReplyError::Code(_))
        ));
    }
}
