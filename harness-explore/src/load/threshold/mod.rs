//! What must hold of the figures of a load.

#[expect(
    clippy::module_inception,
    reason = "the threshold itself, beside how it is read"
)]
mod threshold;

pub use threshold::{Threshold, ThresholdError};
