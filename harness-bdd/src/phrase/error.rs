//! What can be wrong with a pattern, and with what a line fills in.

/// A text that is no pattern.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{pattern}` is no pattern: {reason}")]
pub struct PatternError {
    pub(super) pattern: String,
    pub(super) reason: String,
}

/// Words of a line that a step can't use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WordError {
    /// The line says nothing that the grammar in force knows.
    #[error("no phrase matches `{line}`; a step by grammar runs in a suite only")]
    NoPhrase {
        /// The line.
        line: String,
    },
    /// The phrase fills in no such name on this line.
    #[error("`{line}` says nothing for <{name}>")]
    Absent {
        /// The line.
        line: String,
        /// The name in the pattern.
        name: String,
    },
    /// What was filled in can't be understood.
    #[error("can't use `{word}` in `{line}`: {reason}")]
    Unusable {
        /// The line.
        line: String,
        /// What was filled in.
        word: String,
        /// What is wrong with it.
        reason: String,
    },
}
