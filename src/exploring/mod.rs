//! `harness explore`, `cover` and `race`: looking for what breaks a subarray, from its state graph alone.

mod arguments;
mod cover;
mod explore;
mod faults;
mod kept;
mod race;
mod subject;

pub(crate) use arguments::{CoverArguments, ExploreArguments, RaceArguments};
pub(crate) use cover::cover;
pub(crate) use explore::explore;
pub(crate) use race::race;
