//! Tango devices as the harness sees them.

mod connector;
mod error;
mod from_wire;
mod routes;
mod tango_device;
mod to_wire;

pub use connector::TangoConnector;
pub use routes::{Address, Destination, HostPort, Routes, Service};
pub use tango_device::TangoDevice;
