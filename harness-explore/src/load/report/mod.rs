//! What came of a load.

mod document;
mod merge;
mod render;
#[cfg(test)]
pub(crate) mod sample;
mod summary;
mod why;

pub use document::{
    Change, Comparison, Counts, Gauge, GaugeSeries, Judgement, LoadReport, TransitionCount,
    Verdict, Violation,
};
pub use merge::MergeError;
pub use summary::{Row, Summary};

pub(crate) use render::{figure, outcome, windows_of};
