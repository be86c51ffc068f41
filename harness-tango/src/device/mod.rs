//! Tango devices as the harness sees them.

mod connector;
mod error;
mod from_wire;
mod tango_device;
mod to_wire;

pub use connector::TangoConnector;
pub use tango_device::TangoDevice;
