//! What can be wrong with a request to the controller.

use thiserror::Error;

/// A setting that was refused; nothing has changed.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetError {
    /// There is no such model.
    #[error("there is no model {name}; known: {known}")]
    UnknownModel {
        /// The name that was given.
        name: String,
        /// The names of the registered models.
        known: String,
    },
    /// There is no such instance.
    #[error("there is no instance {name}; known: {known}")]
    UnknownInstance {
        /// The name that was given.
        name: String,
        /// The names of live instances, not more than ten.
        known: String,
    },
    /// The model has no such command, and no state of that name.
    #[error("{model} has no command or state {command}; known: {known}")]
    UnknownCommand {
        /// The name of the model.
        model: String,
        /// The name that was given.
        command: String,
        /// The names of its commands and states.
        known: String,
    },
    /// The model has no such state to get stuck in.
    #[error("{model} has no state {state} to get stuck in; known: {known}")]
    UnknownState {
        /// The name of the model.
        model: String,
        /// The name that was given.
        state: String,
        /// The names of its states.
        known: String,
    },
    /// A sequence without a transition.
    #[error("the sequence is empty; give at least one transition")]
    EmptySequence,
}

/// An instance that was not made.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum InstanceError {
    /// There is no such model.
    #[error("there is no model {name}; register it first; known: {known}")]
    UnknownModel {
        /// The name that was given.
        name: String,
        /// The names of the registered models.
        known: String,
    },
    /// A chain of states needs a registered model with at least one state.
    #[error("{model} is not registered with any states; register it with its edges")]
    NoStates {
        /// The name of the model.
        model: String,
    },
    /// An instance of that name lives, of another model.
    #[error("{name} is a {model} already; drop it first, or take another name")]
    OtherModel {
        /// The name of the instance.
        name: String,
        /// The name of its model.
        model: String,
    },
}

/// A name at which nothing can be held.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("nothing can be held at {name}: it is no gate of a setting, no model and no instance")]
pub struct UnknownGate {
    /// The name that was given.
    pub name: String,
}

/// A command that is refused because a tester wants it so.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{message}")]
pub struct Rejected {
    /// What the device is to say.
    pub message: String,
}
