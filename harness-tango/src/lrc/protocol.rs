//! How a device tells that a long running command has ended.

use std::fmt::{self, Debug};

use harness_core::Value;

use crate::control_model::ResultCode;

/// How a long running command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Completion {
    /// The id of the command.
    pub id: String,
    /// The result code.
    pub code: ResultCode,
    /// What the device says about it; may be empty.
    pub message: String,
}

impl Completion {
    /// The command with this id ended so.
    #[must_use]
    pub fn new(id: impl Into<String>, code: ResultCode, message: impl Into<String>) -> Completion {
        Completion {
            id: id.into(),
            code,
            message: message.into(),
        }
    }
}

impl fmt::Display for Completion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.message {
            "" => write!(formatter, "{}", self.code),
            message => write!(formatter, "{}: {message}", self.code),
        }
    }
}

/// How a device tells that a long running command has ended: by which attribute, and in which
/// form.
pub trait LrcProtocol: Debug + Send + Sync {
    /// The attribute whose change events tell it.
    fn attribute(&self) -> &str;

    /// How the command with this id ended, if this value of the attribute tells it.
    fn completion(&self, value: &Value, id: &str) -> Option<Completion>;
}
