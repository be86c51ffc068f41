//! A simulated telescope: subarrays served over Tango, with a database of their own.

mod error;
mod running;
mod simulated;

pub use error::{NoSuchSubarray, StartError};
pub use running::RunningTelescope;
pub use simulated::SimulatedTelescope;
