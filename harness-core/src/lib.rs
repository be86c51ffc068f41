//! What a test is made of: devices, events, waits, assertions, actions and the state graph.

pub mod action;
pub mod device;
pub mod event;
pub mod failure;
pub mod journal;
pub mod state_machine;
pub mod timeout;
pub mod tracer;
pub mod value;

pub use action::{Action, ActionError};
pub use device::{BoxFuture, Device, DeviceError, InMemoryDevice, Reading};
pub use event::{Event, Signal};
pub use failure::Failure;
pub use journal::{Entry, Journal, Mark};
pub use timeout::Timeout;
pub use tracer::{TracedDevice, Tracer};
pub use value::{EnumValue, Value};
