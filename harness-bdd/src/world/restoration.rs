//! The account of how the telescope was put back.

use std::{fmt, time::Duration};

use harness_tango::telescope::LeftBehind;

/// What was done to put the telescope back after a scenario, and how it ended.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Restoration {
    /// What was tried, in order; what was tried at the same time is told one after the other.
    pub steps: Vec<RestorationStep>,
    /// The subarrays that are still not EMPTY.
    pub left: Vec<LeftBehind>,
}

/// One thing that was tried to put the telescope back.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RestorationStep {
    /// What was tried.
    pub what: String,
    /// What came of it, or why it failed.
    pub ended: Result<String, String>,
    /// How long it took.
    pub took: Duration,
}

impl Restoration {
    /// Whether anything was tried at all.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

impl fmt::Display for Restoration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().enumerate() {
            let line_end = if index == 0 { "" } else { "\n" };
            write!(f, "{line_end}{}. {step}", index + 1)?;
        }
        Ok(())
    }
}

impl fmt::Display for RestorationStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, ended, took } = self;
        write!(f, "{what} ({:.1} s): ", took.as_secs_f64())?;
        match ended {
            Ok(outcome) => f.write_str(outcome),
            // the first line is the gist; the rest is told with the problem
            Err(why) => write!(f, "failed: {}", why.lines().next().unwrap_or_default()),
        }
    }
}

/// What could not be put back: everything, not only the first.
#[derive(Debug, thiserror::Error)]
#[error(
    "the telescope could not be put back:\n{}\nwhat was tried:\n{restoration}",
    .problems.join("\n")
)]
pub struct RestoreError {
    problems: Vec<String>,
    restoration: Restoration,
}

impl RestoreError {
    pub(super) fn new(problems: Vec<String>, restoration: Restoration) -> Self {
        Self {
            problems,
            restoration,
        }
    }

    /// Each thing that went wrong, with its causes.
    pub fn problems(&self) -> &[String] {
        &self.problems
    }

    /// What was tried, in order.
    pub fn restoration(&self) -> &Restoration {
        &self.restoration
    }
}
