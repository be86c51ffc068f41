//! Flows: what users do in a cycle, as data, and made ready to be carried out.

mod argument;
#[expect(
    clippy::module_inception,
    reason = "the flow itself, beside what carries it out"
)]
mod flow;
mod program;
mod schedule;
mod text;

pub use flow::{Flow, Schedule, Step, Until, UserData};
pub use program::FlowError;
pub use text::TextError;

pub(crate) use argument::Argument;
pub(crate) use program::{Program, ReadyStep, ReadyUntil};
pub(crate) use text::{Surroundings, Text};
