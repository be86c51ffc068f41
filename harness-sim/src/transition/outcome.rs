//! How a transition ends.

use std::fmt;

use harness_tango::control_model::ResultCode;

/// How a transition ends, once it is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// As it should.
    Succeed,
    /// With a failure as its result; the state stays the transient one.
    Fail {
        /// What the device says about it.
        message: String,
        /// The result code.
        result: ResultCode,
    },
    /// Before it begins: the command is refused.
    Reject {
        /// What the device says about it.
        message: String,
        /// When it is refused.
        when: Rejection,
    },
    /// Not at all: nothing happens any more, until Abort or its like.
    Stuck {
        /// The state to get stuck in, if not the transient one.
        state: Option<String>,
    },
    /// With a fault of the device: it goes to its FAULT state.
    Fault {
        /// What the device says about it.
        message: String,
    },
}

/// When a command is refused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Rejection {
    /// By the reply: nothing was queued.
    #[default]
    AtOnce,
    /// When its turn comes: it was queued, and ends as rejected.
    AtItsTurn,
}

impl Outcome {
    /// A failure with the result code FAILED.
    #[must_use]
    pub fn fail(message: impl Into<String>) -> Outcome {
        Outcome::Fail {
            message: message.into(),
            result: ResultCode::Failed,
        }
    }

    /// A refusal by the reply.
    #[must_use]
    pub fn reject(message: impl Into<String>) -> Outcome {
        Outcome::Reject {
            message: message.into(),
            when: Rejection::AtOnce,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Succeed => formatter.write_str("succeed"),
            Outcome::Fail { message, result } => write!(formatter, "fail with {result}: {message}"),
            Outcome::Reject { message, when } => match when {
                Rejection::AtOnce => write!(formatter, "reject: {message}"),
                Rejection::AtItsTurn => write!(formatter, "reject at its turn: {message}"),
            },
            Outcome::Stuck { state: Some(state) } => write!(formatter, "get stuck in {state}"),
            Outcome::Stuck { state: None } => formatter.write_str("get stuck"),
            Outcome::Fault { message } => write!(formatter, "go to FAULT: {message}"),
        }
    }
}
