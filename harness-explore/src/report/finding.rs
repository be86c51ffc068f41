//! A failure that was found.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;

use crate::program::Program;
use crate::run::{Place, Violation};

/// A failure, with the program that shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// What went wrong.
    pub violation: Violation,
    /// The program, shrunk.
    pub program: Program,
    /// How many steps it had when it was found.
    pub found_with: usize,
    /// How it was shrunk.
    pub shrinking: Shrinking,
    /// How often it failed when it was run again.
    pub reproduced: Reproduced,
    /// The file in which it is kept.
    pub kept_in: Option<PathBuf>,
    /// The words that rules have for scenarios.
    #[serde(skip)]
    pub(crate) words: HashMap<Arc<str>, String>,
}

/// How a program was shrunk.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Shrinking {
    /// How many programs were run for it.
    pub runs: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Whether every single step is needed: without any one of them it did not fail like this.
    pub one_minimal: bool,
    /// What ended it early, if anything did.
    pub cut_short: Option<String>,
}

/// How often a program failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Reproduced {
    /// How often it failed in the same way.
    pub failed: u32,
    /// Out of how many times.
    pub of: u32,
}

impl fmt::Display for Reproduced {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.failed, self.of)
    }
}

impl Finding {
    /// The program as the lines that would run it.
    #[must_use]
    pub fn script(&self) -> String {
        self.program.script(self.violation.invariant())
    }

    /// The program as a Rust test to paste. `machine` is an expression for the machine, usually a
    /// call of the function that makes it.
    #[must_use]
    pub fn rust_test(&self, machine: &str) -> String {
        self.program.rust_test(machine, self.violation.place.name())
    }

    /// The program as a scenario to keep, in the words of its rules.
    #[must_use]
    pub fn scenario(&self) -> String {
        let expected = match &self.violation.place {
            Place::Start => "it starts".to_owned(),
            Place::Rule(_) => "nothing goes wrong".to_owned(),
            Place::Invariant(name) => format!("{name} holds"),
            Place::Teardown => "the teardown succeeds".to_owned(),
        };
        let title = format!("{}: {}", self.program.machine, self.violation);
        self.program.scenario(&title, &self.words, &expected)
    }
}
