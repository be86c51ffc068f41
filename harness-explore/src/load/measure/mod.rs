//! What is measured: samples go in, and what the report tells comes out.

mod class;
mod errors;
mod fixed;
mod latencies;
mod measurement;
mod phase;
mod sample;
pub(crate) mod seconds;
mod series;
mod snapshot;
mod tally;
mod window;

pub use class::ResultClass;
pub use errors::DistinctError;
pub use latencies::Latencies;
pub use measurement::Measurement;
pub use phase::Phase;
pub use sample::Sample;
pub use series::{Bucket, Series};
pub use window::FaultWindow;

pub(crate) use errors::Errors;
pub(crate) use fixed::FixedBuckets;
pub(crate) use snapshot::Snapshot;
pub(crate) use tally::{Tally, When};
