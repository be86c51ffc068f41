//! Tango devices as the harness sees them.

mod connector;

pub use connector::TangoConnector;
