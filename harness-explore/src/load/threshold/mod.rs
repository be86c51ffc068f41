//! What must hold of the figures of a load.

mod error;
mod figure;
mod grammar;
mod judging;
mod limit;
mod measured;
#[cfg(test)]
mod tests;
#[expect(
    clippy::module_inception,
    reason = "the threshold itself, beside how it is read"
)]
mod threshold;

pub use error::ThresholdError;
pub use threshold::Threshold;
