//! The [`Tracer`]: subscribes once per attribute for a whole run and lets everything the devices
//! say go to the journal, once and in order.
//!
//! A [`TracedDevice`] is a device together with its tracer: commands sent through it are recorded
//! too. Waits read the record and never touch the subscriptions.
//!
//! A wait of more than a second says once a second what it waits for, and how much time is left:
//! to `tracing`, and to the [`ProgressObserver`] of the tracer. An [`EventLog`] tells `tracing` the
//! events of chosen attributes.

mod attribute;
mod change;
mod error;
mod event_log;
mod progress;
mod subscriptions;
mod traced_device;
mod waiting;

pub use change::Change;
pub use error::TracerError;
pub use event_log::{EVENT_LOG_TARGET, EventLog, EventLogGuard};
pub use progress::{PROGRESS_TARGET, Progress, ProgressObserver};
pub use subscriptions::Tracer;
pub use traced_device::TracedDevice;

#[cfg(test)]
mod tests;
