//! A simulated subarray that lives: a task turns its clock, and testers hold handles to it.

mod driver;
mod fault;
mod guard;
mod handle;

pub use fault::SubarrayFault;
pub use guard::{DefectGuard, ObsStateGuard};
pub use handle::SubarrayHandle;

#[cfg(test)]
mod tests;
