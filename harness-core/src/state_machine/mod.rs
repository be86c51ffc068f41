//! The state space of a system, declared once, and the way through it.
//!
//! A [`StateGraph`] is pure: states, [`Transition`]s with costs, plans and drawings. A
//! [`StateMachine`] adds an observer of the real system and walks the plan: for each step the
//! action is built afresh, executed, and the state is confirmed before the next step.
//!
//! The choice between equally cheap plans is fixed by a documented order (see
//! [`StateGraph::plan`]), so a plan is the same in every run.

mod arrival;
mod cost;
mod drawing;
mod error;
mod graph;
mod machine;
mod navigation;
mod observer;
mod plan;
mod transition;

pub use arrival::{Arrival, StepTaken};
pub use cost::Cost;
pub use error::{NavigationError, NoPath, StepError, StepProblem};
pub use graph::{DeclarationError, StateGraph};
pub use machine::{SetbackPolicy, StateMachine};
pub use observer::{AttributeObserver, ObserveError, StateObserver};
pub use plan::{Plan, PlannedStep};
pub use transition::{BuildAction, BuildError, Sources, State, Transition};

#[cfg(test)]
mod tests;
