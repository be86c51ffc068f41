//! A subarray: its states and the commands between them, what the commands are given, and how to
//! bring it where a test needs it.

mod command_names;
mod graph;
mod machine;
mod reach;
mod recovery;
mod subarray_device;

pub use command_names::CommandNames;
pub use graph::subarray_graph;
pub use reach::{Reach, ReachError};
pub use recovery::{Reached, RecoveryError};
pub use subarray_device::Subarray;

pub use crate::inputs::{InputError, Inputs};
