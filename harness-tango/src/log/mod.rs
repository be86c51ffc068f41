//! Logs of devices: what a device says while a test runs, in the record beside what it does.
//!
//! Tango sends the log of a device to other devices that were named to its admin device. A
//! [`LogCollector`] is such a device, without a database; what it gets becomes entries of the
//! journal, which [`logs`](harness_core::assertion::logs) waits for.

mod collector;
mod consumer;
mod error;
mod listened;
mod listening;

pub use collector::{LOG_HOST, LogCollector};
pub use error::LogError;
pub use listening::{DeviceLog, LogLevel};
