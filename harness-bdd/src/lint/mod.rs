//! What is wrong with feature files, found without running them.
//!
//! [`Linter`] is what to look at, [`LintReport`] what was found: [`Finding`]s, each with its place,
//! the [`Rule`] that it breaks, and what to do about it.

mod finding;
mod linter;
mod rule;
mod scenarios;
mod sources;
mod steps;
mod tags;

pub use self::{
    finding::{Finding, LintReport},
    linter::Linter,
    rule::{RULES, Rule, Severity, UnknownRule, rule},
    steps::{KnownSteps, Lookup, StepKnowledge},
};
