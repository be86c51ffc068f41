//! Tango devices as the harness sees them.

mod connector;
mod from_wire;
mod to_wire;

pub use connector::TangoConnector;
