//! How an action can fail.

use std::error::Error;
use std::fmt::{self, Debug, Formatter};

use crate::failure::Failure;

/// An action failed; the account says why.
///
/// `Display` and `Debug` both show the whole account, so that a test that returns the error
/// prints it. The account contains the words of the error below, if there was one; therefore
/// [`Error::source`] gives none, and [`ActionError::cause`] gives it to code that wants to look.
#[derive(thiserror::Error)]
#[non_exhaustive]
pub enum ActionError {
    /// What the action must watch can not be watched; nothing was done.
    #[error("{failure}")]
    Subscribe {
        /// The name of the action.
        action: String,
        /// The account.
        failure: Box<Failure>,
    },
    /// Something that must be true before was not; nothing was done.
    #[error("{failure}")]
    Precondition {
        /// The name of the action.
        action: String,
        /// The account.
        failure: Box<Failure>,
    },
    /// What the action does could not be done.
    #[error("{failure}")]
    Procedure {
        /// The name of the action.
        action: String,
        /// The account.
        failure: Box<Failure>,
        /// The error below, if there was one.
        cause: Option<Box<dyn Error + Send + Sync>>,
    },
    /// Something that must be true afterwards was not seen in time.
    #[error("{failure}")]
    Postcondition {
        /// The name of the action.
        action: String,
        /// The account.
        failure: Box<Failure>,
    },
    /// Something happened that makes waiting on useless.
    #[error("{failure}")]
    EarlyStop {
        /// The name of the action.
        action: String,
        /// The account.
        failure: Box<Failure>,
    },
    /// Of several actions at the same time not all went well.
    #[error("{failure}")]
    Several {
        /// The name of what they are part of.
        action: String,
        /// One account of all of them.
        failure: Box<Failure>,
        /// Those that failed, each with its own error; at least one.
        failed: Vec<ActionError>,
    },
}

impl ActionError {
    /// What the action `action` does could not be done, as `failure` tells.
    pub fn procedure(action: impl Into<String>, failure: Failure) -> Self {
        Self::Procedure {
            action: action.into(),
            failure: Box::new(failure),
            cause: None,
        }
    }

    /// The error below, for code that wants to look at it; only of a failed procedure.
    pub fn cause(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        match self {
            Self::Procedure { cause, .. } => cause.as_deref(),
            _ => None,
        }
    }

    /// Adds the error below a failed procedure; other failures have none.
    #[must_use]
    pub fn with_cause(mut self, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        if let Self::Procedure { cause, .. } = &mut self {
            *cause = Some(error.into());
        }
        self
    }

    /// The name of the action that failed; within a sequence, of the one in it.
    pub fn action(&self) -> &str {
        match self {
            Self::Subscribe { action, .. }
            | Self::Precondition { action, .. }
            | Self::Procedure { action, .. }
            | Self::Postcondition { action, .. }
            | Self::EarlyStop { action, .. }
            | Self::Several { action, .. } => action,
        }
    }

    /// The account of what went wrong.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Subscribe { failure, .. }
            | Self::Precondition { failure, .. }
            | Self::Procedure { failure, .. }
            | Self::Postcondition { failure, .. }
            | Self::EarlyStop { failure, .. }
            | Self::Several { failure, .. } => Some(failure),
        }
    }

    /// The errors of the actions that failed at the same time; this one alone, if there was only
    /// one action.
    ///
    /// ```
    /// use harness_core::action::ActionError;
    /// use harness_core::Failure;
    ///
    /// let error = ActionError::procedure("Configure on a/b/c", Failure::new("it is stuck"));
    /// assert_eq!(error.each().count(), 1);
    /// ```
    pub fn each(&self) -> impl Iterator<Item = &ActionError> {
        let (alone, several) = match self {
            Self::Several { failed, .. } => (None, failed.as_slice()),
            alone => (Some(alone), Default::default()),
        };
        alone.into_iter().chain(several)
    }

    /// Changes the account, for example to add what a wrapping action knows.
    #[must_use]
    pub fn map_failure(mut self, change: impl FnOnce(Failure) -> Failure) -> Self {
        let (Self::Subscribe { failure, .. }
        | Self::Precondition { failure, .. }
        | Self::Procedure { failure, .. }
        | Self::Postcondition { failure, .. }
        | Self::EarlyStop { failure, .. }
        | Self::Several { failure, .. }) = &mut self;
        let old = std::mem::replace(&mut **failure, Failure::new(""));
        **failure = change(old);
        self
    }
}

/// Shows the account, since this is what a test that returns the error prints.
impl Debug for ActionError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
