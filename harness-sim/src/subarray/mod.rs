//! A simulated subarray without a wire: commands in, changes of attributes out, and a clock that
//! its owner holds.

mod execution;
mod refusal;
mod simulated;
mod submission;
mod task;

pub use refusal::Refusal;
pub use simulated::{CALL_CAPACITY, SimulatedSubarray};
pub use submission::Reply;

#[cfg(test)]
mod tests;
