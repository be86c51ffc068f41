//! A simulated telescope: devices served over Tango, with a database of their own.

mod construction;
mod error;
mod running;
mod simulated;
mod subsystem;

pub use error::{NoSuchSubarray, StartError};
pub use running::RunningTelescope;
pub use simulated::SimulatedTelescope;

#[cfg(test)]
pub(crate) use construction::tests::constructed;
