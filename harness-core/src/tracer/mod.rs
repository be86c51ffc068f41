//! The [`Tracer`]: subscribes once per attribute for a whole run and lets everything the devices
//! say go to the journal, once and in order.
//!
//! A [`TracedDevice`] is a device together with its tracer: commands sent through it are recorded
//! too. Waits read the record and never touch the subscriptions. Tests that want events for logic of
//! their own ask for them with an [`EventQuery`].

mod attribute;
mod change;
mod error;
mod progress;
mod query;
mod subscriptions;
mod traced_device;

pub use change::Change;
pub use error::TracerError;
pub use progress::{Progress, ProgressObserver};
pub use query::EventQuery;
pub use subscriptions::Tracer;
pub use traced_device::TracedDevice;

#[cfg(test)]
mod tests;
