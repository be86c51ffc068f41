//! One connection through a gate: a task that reads from one side and writes to the other, in both
//! directions, and takes orders meanwhile.

mod course;
mod direction;
mod order;
mod parting;
mod pipe;
mod socket;
mod summary;

pub(crate) use course::{Course, run};
pub use direction::Direction;
pub(crate) use order::Order;
pub(crate) use parting::part;
pub use summary::{Closed, ConnectionIdentity, ConnectionSummary, Side};
