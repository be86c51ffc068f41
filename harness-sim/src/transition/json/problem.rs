//! What is wrong with a JSON value.

use thiserror::Error;

/// A JSON value that is no setting: which field of it is wrong, why, and what would do.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{field}: {problem}")]
pub struct InvalidSetting {
    /// The path of the field, as `transition.sequence[1].seconds`.
    pub field: String,
    /// What is wrong with it, and what would do.
    pub problem: String,
}

impl InvalidSetting {
    pub(super) fn new(field: impl Into<String>, problem: impl Into<String>) -> InvalidSetting {
        InvalidSetting {
            field: field.into(),
            problem: problem.into(),
        }
    }
}
