//! What came of a load.

mod document;
mod merge;
mod summary;

pub use document::{
    Change, Comparison, Counts, Gauge, GaugeSeries, Judgement, LoadReport, TransitionCount,
    Verdict, Violation,
};
pub use merge::MergeError;
pub use summary::{Row, Summary};
