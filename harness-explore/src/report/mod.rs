//! What came of exploring: what was run, and what was found.

mod account;
mod coverage;
mod finding;
mod render;

pub use account::{Ended, Report};
pub use coverage::{ConditionReport, RuleReport, StateReport};
pub use finding::{Finding, Reproduced, Shrinking};
