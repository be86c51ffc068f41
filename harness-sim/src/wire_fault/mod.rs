//! Faults of the wire between a device and its clients: events that get lost, come twice, late or
//! out of order; a device that does not answer, is not in the database, or whose server is down.
//!
//! A [`DeviceHandle`](crate::DeviceHandle) starts them; their guards end them. The device itself
//! knows nothing of them, and neither do the other devices of its telescope, which do not hear of
//! each other by Tango.

mod error;
mod event_fault;
mod fault;
mod guard;

pub use error::WireFaultError;
pub(crate) use event_fault::EventDisorder;
pub use event_fault::EventFault;
pub use fault::{DeviceWireFault, WireFault};
pub use guard::{EventFaultGuard, SilenceGuard};
