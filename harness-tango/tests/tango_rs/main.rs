//! Devices through cppTango, over the loopback address.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod absence;
mod device_of_types;
mod properties;
mod values;
mod waiting;
