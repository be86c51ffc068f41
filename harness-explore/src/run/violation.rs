//! What went wrong in a program, and where.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Where a program went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// While the system was started.
    Start,
    /// In a rule.
    Rule(Arc<str>),
    /// In an invariant.
    Invariant(Arc<str>),
    /// In the teardown.
    Teardown,
}

impl Place {
    /// The name of the rule or invariant, or what it was.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Place::Start => "start",
            Place::Teardown => "teardown",
            Place::Rule(name) | Place::Invariant(name) => name,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Start => formatter.write_str("the start"),
            Place::Rule(name) => write!(formatter, "rule {name}"),
            Place::Invariant(name) => write!(formatter, "invariant {name}"),
            Place::Teardown => formatter.write_str("the teardown"),
        }
    }
}

/// What went wrong in a program.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Violation {
    /// Where.
    pub place: Place,
    /// What kind of failure: `timeout`, `panic`, or what the rule called it. Two violations are
    /// the same if place and kind are.
    pub kind: String,
    /// Whether it is the same wherever it comes up: then the kind alone counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anywhere: bool,
    /// What was said.
    pub message: String,
    /// What the teardown said, where it failed as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub teardown: Option<String>,
}

impl Violation {
    /// Whether the other one is the same, apart from what was said.
    #[must_use]
    pub fn is_like(&self, other: &Violation) -> bool {
        let same_place = self.place == other.place || (self.anywhere && other.anywhere);
        same_place && self.kind == other.kind
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.place, self.message)?;
        if let Some(teardown) = &self.teardown {
            write!(formatter, "; then the teardown: {teardown}")?;
        }
        Ok(())
    }
}
