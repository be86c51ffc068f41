//! Running features: the only entry point.
//!
//! [`Suite`] is what to run, [`Plan`] what that would be, [`Outcome`] what came of it. Cucumber reads
//! the files and finds the step for a line; scenarios are run here (see `attempt.rs` for why).

mod attempt;
mod case;
mod clock;
mod error;
mod hooks;
mod outcome;
mod plan;
mod reporters;
mod retries;
mod run;
mod runner;
mod shard;
mod telescope;
mod timelines;
mod unbound;

pub use self::{
    error::SuiteError,
    outcome::{Outcome, ScenarioOutcome, ScenarioVerdict},
    plan::{Plan, PlannedScenario},
    runner::Suite,
    shard::{Shard, ShardError},
    unbound::{AmbiguousStep, UndefinedStep},
};
pub use crate::report::RunVerdict as Verdict;
