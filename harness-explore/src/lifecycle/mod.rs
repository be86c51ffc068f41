//! A system whose commands lead from state to state: everything about it from its state graph.

mod declaration;
mod disturbance;
mod expectation;
mod faults;
mod input;
mod listening;
mod mismatch;
mod record;
mod routes;
mod rules;
mod system;
mod walk;
mod way;

pub use declaration::Lifecycle;
pub use input::{Input, Quality};
pub use system::{Outcome, Reply, SystemUnderTest, Told};
pub use walk::Walk;
pub use way::Way;

pub(crate) use record::{Exercise, Record};
pub(crate) use rules::{INPUT, Manner, WAIT};
