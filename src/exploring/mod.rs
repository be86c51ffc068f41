//! `harness explore`, `cover` and `race`: looking for what breaks a subarray, from its state graph alone.

mod arguments;
mod cover;
mod explore;
mod faults;
mod kept;
mod race;
mod subject;

/// What is said at the first Ctrl-C.
const STOPPING: &str = "ending, and telling what was found; Ctrl-C again ends at once, and the subarray stays where it is";

pub(crate) use arguments::{CoverArguments, ExploreArguments, RaceArguments};
pub(crate) use cover::cover;
pub(crate) use explore::explore;
pub(crate) use race::race;
