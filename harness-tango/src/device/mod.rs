//! Tango devices as the harness sees them.

mod connector;
mod error;
mod from_wire;
mod routes;
mod tango_device;
#[cfg(feature = "tango-rs")]
mod tango_rs;
mod to_wire;

pub use connector::TangoConnector;
pub use routes::{Address, Destination, HostPort, Routes, Service};
pub use tango_device::TangoDevice;
#[cfg(feature = "tango-rs")]
pub use tango_rs::{TangoRsConnector, TangoRsDevice};
