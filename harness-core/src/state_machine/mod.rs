//! The state space of a system, declared once, and the way through it.
//!
//! A [`StateGraph`] is pure: states, [`Transition`]s with costs, plans and drawings. A
//! [`StateMachine`] adds an observer of the real system and walks the plan: for each step the
//! action is built afresh, executed, and the state is confirmed before the next step.
//!
//! The choice between equally cheap plans is fixed by a documented order (see
//! [`StateGraph::plan`]), so a plan is the same in every run.

mod arrival;
mod cancel;
mod cost;
mod drawing;
mod error;
mod graph;
mod hook;
mod machine;
mod navigation;
mod no_path;
mod observer;
mod plan;
mod search;
mod setback;
mod step;
mod transition;

pub use arrival::{AbandonedPlan, Arrival, StepTaken};
pub use cancel::Cancel;
pub use cost::Cost;
pub use error::{Cancelled, NavigationError, StepError, StepProblem};
pub use graph::{DeclarationError, StateGraph};
pub use hook::{HookError, StepHook, StepMoment};
pub use machine::{SetbackPolicy, StateMachine};
pub use no_path::NoPath;
pub use observer::{AttributeObserver, ObserveError, StateObserver};
pub use plan::{Plan, PlannedStep};
pub use transition::{BuildAction, BuildError, Sources, State, Transition};

#[cfg(test)]
mod tests;
