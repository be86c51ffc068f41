//! What became of one thing that a user did.

use std::fmt::{self, Display, Formatter};

use serde::{Deserialize, Serialize};

/// What became of one thing that a user did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResultClass {
    /// It was done, or accepted.
    Ok,
    /// The device refused it: not allowed in its state, or rejected in the reply or the result.
    Rejected,
    /// The device answered with an error, or the command failed.
    DevFailed,
    /// There was no answer, or the state did not come, in time. It may have been done.
    TimedOut,
    /// The device could not be reached.
    Unreachable,
    /// It was answered, but not with what was expected.
    Unexpected,
    /// It was accepted, and ended early by another command, as by the Abort of another user.
    Interrupted,
}

impl ResultClass {
    /// All of them, in the order in which they are told.
    pub const ALL: [ResultClass; 7] = [
        ResultClass::Ok,
        ResultClass::Rejected,
        ResultClass::DevFailed,
        ResultClass::TimedOut,
        ResultClass::Unreachable,
        ResultClass::Unexpected,
        ResultClass::Interrupted,
    ];

    /// As it is written in reports and metrics: `ok`, `timed-out`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            ResultClass::Ok => "ok",
            ResultClass::Rejected => "rejected",
            ResultClass::DevFailed => "dev-failed",
            ResultClass::TimedOut => "timed-out",
            ResultClass::Unreachable => "unreachable",
            ResultClass::Unexpected => "unexpected",
            ResultClass::Interrupted => "interrupted",
        }
    }

    /// Whether it counts in the error rate: everything does but success, a refusal, which is how a device
    /// defends itself against commands that come too soon, and what another command ended.
    #[must_use]
    pub const fn is_error(self) -> bool {
        !matches!(
            self,
            ResultClass::Ok | ResultClass::Rejected | ResultClass::Interrupted
        )
    }

    /// Its place in [`ALL`](Self::ALL).
    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

impl Display for ResultClass {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_stands_at_its_place_and_is_written_by_its_name() {
        for (place, class) in ResultClass::ALL.into_iter().enumerate() {
            assert_eq!(class.index(), place);
            let written = serde_json::to_string(&class).unwrap();
            assert_eq!(written, format!("\"{class}\""));
        }
    }
}
