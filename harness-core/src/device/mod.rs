//! Devices under test: the trait [`Device`] that a control system is reached through, the
//! [`DeviceError`] that says what a device answered when it refused, and [`InMemoryDevice`] for
//! tests that need no control system at all.

mod contract;
mod error;
mod in_memory;
mod in_memory_calls;
mod labels;
mod name;

pub use contract::{BoxFuture, CommandTypes, Device, EventSink, Quality, Reading, Subscription};
pub use error::{DeviceError, DeviceErrorKind, Severity, StackFrame};
pub use in_memory::InMemoryDevice;
pub use name::{is_same_name, plain_name};

#[cfg(test)]
mod tests;
