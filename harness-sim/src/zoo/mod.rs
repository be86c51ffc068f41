//! Bugs that are planted in a simulated subarray on purpose, for tools that look for bugs to prove
//! themselves on.
//!
//! A [defect](crate::defect) is what a tester asks a device to do wrong next; a planted bug is a device
//! that is programmed wrongly: it shows in the right circumstances only, and nothing announces it.

mod bug;
mod guard;
mod infested;
mod memory;

pub use bug::{PlantedBug, UnknownBug};
pub use guard::BugGuard;
pub(crate) use infested::Infested;
