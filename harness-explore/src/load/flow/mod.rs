//! Flows: what users do in a cycle, as data.

#[expect(
    clippy::module_inception,
    reason = "the flow itself, beside what carries it out"
)]
mod flow;

pub use flow::{Flow, Schedule, Step, Until, UserData};
