//! What a chain of states does not do.

use thiserror::Error;

/// A command that a chain of states did not follow; the state is what it was.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CommandError {
    /// The model has no such command.
    #[error("{model} has no command {command}; known: {known}")]
    Unknown {
        /// The name of the model.
        model: String,
        /// The command.
        command: String,
        /// The names of the commands that there are.
        known: String,
    },
    /// No edge of the command leaves the present state.
    #[error("{command} is not allowed in {state}; allowed in: {allowed}")]
    NotAllowed {
        /// The command.
        command: String,
        /// The present state.
        state: String,
        /// The states in which it is allowed.
        allowed: String,
    },
    /// A tester wants it refused, or, where it has no transient state to fail in, failed.
    #[error("{message}")]
    Refused {
        /// What the tester wants it to say.
        message: String,
    },
}

/// A state that the model does not have.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{model} has no state {state}; known: {known}")]
pub struct UnknownState {
    /// The name of the model.
    pub model: String,
    /// The state that was given.
    pub state: String,
    /// The names of the states that there are.
    pub known: String,
}
