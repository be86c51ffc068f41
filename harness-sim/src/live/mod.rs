//! Devices that live, as testers in the same process hold them, and what they do to them.

mod connection;
mod control;
mod fault;
mod guard;
mod handle;
mod subarray;

pub use fault::DeviceFault;
pub use guard::{DefectGuard, ObsStateGuard};
pub use handle::DeviceHandle;
pub use subarray::SubarrayHandle;

#[cfg(test)]
mod tests;
