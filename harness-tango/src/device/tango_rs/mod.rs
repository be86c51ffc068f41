//! Devices through cppTango, by the crate `tango-client` ("tango-rs"): a second way, beside that of
//! tango-wire. What goes which way, and why, is in docs/backends.md.

mod carried;
mod connector;
mod error;
mod properties;
mod proxies;
mod tango_rs_device;

pub use connector::TangoRsConnector;
pub use tango_rs_device::TangoRsDevice;
