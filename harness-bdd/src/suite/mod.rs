//! Running features: the only entry point, which hides cucumber's five type parameters and its traps.
//!
//! [`Suite`] is what to run, [`Outcome`] is what came of it.

mod error;
mod hooks;
mod outcome;
mod recorder;
mod reports;
mod runner;
mod undefined;

pub use self::{
    error::SuiteError,
    outcome::{Outcome, ScenarioOutcome, ScenarioVerdict, UndefinedStep, Verdict},
    runner::Suite,
};
