//! What is wrong with what a system said, in the kinds that tell failures apart.

use std::fmt;

use crate::machine::RuleError;

/// What is wrong with what a system said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mismatch {
    /// The start did not lead home.
    NotHome,
    /// A command was refused that is allowed.
    Refused,
    /// A command was accepted that is not allowed.
    Accepted,
    /// A command that was refused changed something.
    Changed,
    /// A state was told that does not come now.
    WrongState,
    /// What is read is not what was told.
    ReadOtherwise,
    /// A state is not left, or a command does not begin.
    Stuck,
    /// Something was told though nothing was going on.
    Late,
    /// A command was not told to have ended.
    NoResult,
    /// A command ended otherwise than it should, or one that nobody sent.
    WrongResult,
    /// What is held at home is not what was held there in the beginning.
    Leftovers,
    /// No command leads home any more.
    NoWayHome,
    /// A fault could not be started or stopped.
    Fault,
    /// A call did not return while a fault was on.
    Hangs,
    /// It does not rest though all faults have healed.
    NoRecovery,
}

impl Mismatch {
    fn kind(self) -> &'static str {
        match self {
            Mismatch::NotHome => "does not start at home",
            Mismatch::Refused => "refused though allowed",
            Mismatch::Accepted => "accepted though not allowed",
            Mismatch::Changed => "changed by what was refused",
            Mismatch::WrongState => "wrong state",
            Mismatch::ReadOtherwise => "read otherwise than told",
            Mismatch::Stuck => "stuck",
            Mismatch::Late => "told late",
            Mismatch::NoResult => "no result",
            Mismatch::WrongResult => "wrong result",
            Mismatch::Leftovers => "leftovers",
            Mismatch::NoWayHome => "no way home",
            Mismatch::Fault => "fault",
            Mismatch::Hangs => "hangs",
            Mismatch::NoRecovery => "no recovery",
        }
    }

    /// The failure, in words.
    pub(super) fn because(self, message: impl fmt::Display) -> RuleError {
        RuleError::failed(format!("{}: {message}", self.kind())).of_kind(self.kind())
    }
}

/// States one after the other: `CONFIGURING, READY`.
pub(super) fn listed<T: fmt::Display>(states: &[T]) -> String {
    if states.is_empty() {
        return "nothing".to_owned();
    }
    let names: Vec<String> = states.iter().map(ToString::to_string).collect();
    names.join(", ")
}
