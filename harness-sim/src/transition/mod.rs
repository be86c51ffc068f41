//! When and how transitions end, under the tester's control.
//!
//! A [`TransitionController`] keeps what testers have set, in layers: for one command of an
//! instance, the instance, a command of a model, the model, everything; below them what models
//! have by default. A simulated device holds an [`Instance`] of it and asks it at every command;
//! the [`Execution`] that it gets knows when the command ends, and how. A [`ManagedState`] is a
//! whole chain of states that walks by itself.
//!
//! There is no clock and no task here: every look takes the present moment, of tokio's clock, so
//! that ten minutes pass in no time where that clock is paused.
//!
//! | item | is |
//! |---|---|
//! | [`TransitionController`], [`Scope`], [`Layer`], [`TransitionGuard`], [`TransitionFault`] | what is set, where, and what counts |
//! | [`Setting`], [`Transition`], [`Progression`], [`Dwell`], [`Gate`], [`Outcome`] | what can be set, in Rust and in JSON |
//! | [`Model`], [`Edge`] | a kind of instance: its commands, states and defaults |
//! | [`Instance`], [`Execution`], [`Ending`] | what a device uses |
//! | [`ManagedState`] | a chain of states that walks by itself |
//! | [`Hop`], [`Cause`] | what happened |

mod controller;
mod dwell;
mod error;
mod execution;
mod fault;
mod guard;
mod history;
mod instance;
mod json;
mod known;
mod layer;
mod managed;
mod model;
mod outcome;
mod progression;
mod scope;
mod seed;
mod setting;
mod settings;

pub use controller::TransitionController;
pub use dwell::{Dwell, DwellError};
pub use error::{InstanceError, Rejected, SetError, UnknownGate};
pub use execution::{Ending, Execution};
pub use fault::TransitionFault;
pub use guard::TransitionGuard;
pub use history::{Cause, Hop, Hops};
pub use instance::{Changes, Instance};
pub use json::InvalidSetting;
pub use layer::{Effective, Layer};
pub use managed::{CatchUp, CommandError, ManagedState, UnknownState};
pub use model::{Edge, Model, ModelSummary};
pub use outcome::{Outcome, Rejection};
pub use progression::{Gate, Progression};
pub use scope::Scope;
pub use setting::{Setting, Then, Transition, Uses};
