//! What is wrong with a race.

use std::fmt;

use serde::Serialize;

/// No order of the commands, one at a time, explains what happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// A few fixed words that tell kinds of violations apart.
    pub kind: &'static str,
    /// How far it can be explained, and what can't.
    pub message: String,
}

impl Violation {
    /// Something that was accepted, or happened, though the state did not allow it.
    pub(super) const UNEXPLAINED: &'static str = "no order explains it";
    /// All that was told is explained, and what is held or read in the end is not.
    pub(super) const WRONG_END: &'static str = "it ends otherwise than any order would";
    /// A state is not left, or a command does not end.
    pub(super) const STUCK: &'static str = "stuck";
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.kind, self.message)
    }
}
