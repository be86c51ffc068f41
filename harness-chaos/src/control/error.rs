//! Why a control could not do something.

use std::io;

use harness_core::admission::InvalidToken;
use thiserror::Error;

use super::problem::Problem;

/// Why a control could not be served, or a gate not be opened.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ControlError {
    /// The address of the server could not be bound.
    #[error("the control cannot be served on {address}")]
    Bind {
        /// The address that was asked for.
        address: String,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// A token that no client could send.
    #[error(transparent)]
    Token(#[from] InvalidToken),
    /// What was declared cannot be understood, or contradicts what is there.
    #[error("{0}")]
    Declaration(String),
    /// A gate could not be opened.
    #[error("{0}")]
    Gate(String),
}

impl From<Problem> for ControlError {
    fn from(problem: Problem) -> ControlError {
        match problem.status.is_server_error() {
            true => ControlError::Gate(problem.to_string()),
            false => ControlError::Declaration(problem.to_string()),
        }
    }
}
