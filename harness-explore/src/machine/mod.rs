//! What can be done with a system and must hold of it: rules, bundles, preconditions, invariants.

mod bundle;
mod call;
mod check;
mod declaration;
mod routine;
mod rule;
mod rule_error;
mod steps;

pub use bundle::{BundleDraw, bundle};
pub use call::{Call, Produced};
pub use check::MachineError;
pub use declaration::{Invariant, Machine};
pub use rule::{Argument, Precondition, Rule};
pub use rule_error::{RuleError, ensure};
pub use steps::StepMachine;

pub(crate) use call::Passed;
pub(crate) use rule::Source;
pub(crate) use rule_error::Verdict;
