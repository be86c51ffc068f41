//! Sends events.

mod running;

use std::{
    fmt,
    sync::{Arc, PoisonError, RwLock, Weak},
    time::SystemTime,
};

pub(super) use running::{RunningEvents, call_info};

use super::{
    EventError, ReadingToServe,
    device::{Device, Written},
};
use crate::types::{DevFailed, EventKind, Quality, Value};

/// Sends the events of a server's devices; never waits.
///
/// It exists before its server does, so that devices can be given one:
///
/// ```
/// use tango_wire::server::{DeviceServer, EventPublisher};
///
/// let events = EventPublisher::new();
/// let server = DeviceServer::new("harness-sim/1").with_events(events.clone());
/// ```
///
/// Events pushed before the server starts or after it ends go nowhere, for nobody can have
/// subscribed. Those pushed by one task arrive in that order, also across attributes and devices.
/// Cloning is cheap, all clones are the same. Of several servers it serves the one that was started
/// last.
///
/// Clients can subscribe to what [`Servant::sends`](super::Servant::sends) says. Changes of
/// attribute configurations are sent by the server itself.
#[derive(Clone, Default)]
pub struct EventPublisher {
    running: Arc<RwLock<Option<Arc<RunningEvents>>>>,
}

impl fmt::Debug for EventPublisher {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EventPublisher")
            .field("running", &self.running().is_some())
            .finish()
    }
}

impl EventPublisher {
    /// A publisher without a server: see [`DeviceServer::with_events`](super::DeviceServer).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sends a change event of a scalar or spectrum.
    ///
    /// # Errors
    /// There is no such attribute, it has no change events, or the value does not fit it.
    pub fn push_change(
        &self,
        device: &str,
        attribute: &str,
        value: Value,
        quality: Quality,
        time: SystemTime,
    ) -> Result<(), EventError> {
        let reading = ReadingToServe::new(value)
            .with_quality(quality)
            .with_time(time);
        self.push_reading(device, attribute, reading)
    }

    /// Sends a change event with all that a reading can have.
    ///
    /// # Errors
    /// There is no such attribute, it has no change events, or the value does not fit it.
    pub fn push_reading(
        &self,
        device: &str,
        attribute: &str,
        reading: ReadingToServe,
    ) -> Result<(), EventError> {
        self.push_event(EventKind::Change, device, attribute, reading)
    }

    /// Sends a change event with an error in place of a value: the attribute cannot be read now.
    ///
    /// # Errors
    /// There is no such attribute, or it has no change events.
    pub fn push_error(
        &self,
        device: &str,
        attribute: &str,
        failure: &DevFailed,
    ) -> Result<(), EventError> {
        self.push_event_error(EventKind::Change, device, attribute, failure)
    }

    /// Sends an event of one of the kinds that carry a value. A valid value beyond the
    /// attribute's limits leaves with the quality ALARM or WARNING.
    ///
    /// ```no_run
    /// # use tango_wire::{server::EventPublisher, types::{EventKind, Value}};
    /// # fn archive(events: &EventPublisher) -> Result<(), tango_wire::server::EventError> {
    /// events.push_event(EventKind::Archive, "house/lamp/1", "brightness", Value::Double(0.7).into())
    /// # }
    /// ```
    ///
    /// # Errors
    /// There is no such attribute, it has no events of this kind, they carry no value, or the
    /// value does not fit the attribute.
    pub fn push_event(
        &self,
        kind: EventKind,
        device: &str,
        attribute: &str,
        reading: ReadingToServe,
    ) -> Result<(), EventError> {
        let running = self.running();
        running.map_or(Ok(()), |running| {
            running.push_reading(kind, device, attribute, reading)
        })
    }

    /// Takes the number that the next event would have, for one that is sent later by
    /// [`push_numbered`](Self::push_numbered), or never: clients then see that one was lost. For
    /// simulations of networks that lose events, or mix them up.
    ///
    /// # Errors
    /// There is no such attribute, it has no events of this kind, or they carry no value.
    pub fn take_number(
        &self,
        kind: EventKind,
        device: &str,
        attribute: &str,
    ) -> Result<u32, EventError> {
        let running = self.running();
        running.map_or(Ok(0), |running| {
            running.take_number(kind, device, attribute)
        })
    }

    /// Sends an event under a number that was taken before. The numbers of others stay.
    ///
    /// # Errors
    /// As [`push_event`](Self::push_event).
    pub fn push_numbered(
        &self,
        kind: EventKind,
        device: &str,
        attribute: &str,
        reading: ReadingToServe,
        number: u32,
    ) -> Result<(), EventError> {
        let running = self.running();
        running.map_or(Ok(()), |running| {
            running.push_numbered(kind, device, attribute, reading, number)
        })
    }

    /// Sends an error in place of the value of an event.
    ///
    /// # Errors
    /// There is no such attribute, it has no events of this kind, or they carry no value.
    pub fn push_event_error(
        &self,
        kind: EventKind,
        device: &str,
        attribute: &str,
        failure: &DevFailed,
    ) -> Result<(), EventError> {
        let running = self.running();
        running.map_or(Ok(()), |running| {
            running.push_failure(kind, device, attribute, failure)
        })
    }

    /// Tells the subscribers that an attribute can be read now. The number is the device's own,
    /// often a count of its data.
    ///
    /// # Errors
    /// There is no such attribute, or it has no data ready events.
    pub fn push_data_ready(
        &self,
        device: &str,
        attribute: &str,
        counter: i32,
    ) -> Result<(), EventError> {
        let running = self.running();
        running.map_or(Ok(()), |running| {
            running.push_data_ready(device, attribute, counter)
        })
    }

    /// Says that a device's commands or attributes are others now: asks its servant again, and
    /// sends an interface change event if there is a difference. True in that case.
    ///
    /// Clients see the new commands and attributes when this returns. What they have written to
    /// configurations of attributes that stay is kept. As it asks the servant, it must not be
    /// called while the servant's own locks are held.
    ///
    /// # Errors
    /// The server has no such device.
    pub fn interface_changed(&self, device: &str) -> Result<bool, EventError> {
        match self.running() {
            Some(running) => Ok(running.device(device)?.renew(Written::Kept)),
            // it will be asked when the server starts
            None => Ok(false),
        }
    }

    /// How many clients are subscribed to an attribute's change events now.
    #[must_use]
    pub fn subscribers(&self, device: &str, attribute: &str) -> usize {
        self.subscribers_to(EventKind::Change, device, attribute)
    }

    /// How many clients are subscribed to events of one kind now. Those of interface changes are
    /// a device's: the attribute does not matter.
    #[must_use]
    pub fn subscribers_to(&self, kind: EventKind, device: &str, attribute: &str) -> usize {
        self.running()
            .map_or(0, |running| running.subscribers(kind, device, attribute))
    }

    /// How many events were lost because a client did not take them in time, counted once per
    /// client.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.running().map_or(0, |running| running.dropped())
    }

    /// Sends an attribute's configuration, after it was changed.
    pub(super) fn attribute_configured(&self, device: &Device, attribute: &str) {
        if let Some(running) = self.running()
            && let Err(error) = running.push_configuration(device, attribute)
        {
            tracing::warn!(device = device.name(), attribute, %error, "a configuration was not sent");
        }
    }

    /// Sends a device's interface, after it was changed.
    pub(super) fn interface_renewed(&self, device: &Device) {
        if let Some(running) = self.running()
            && let Err(error) = running.push_interface(device)
        {
            tracing::warn!(device = device.name(), %error, "an interface was not sent");
        }
    }

    fn running(&self) -> Option<Arc<RunningEvents>> {
        self.running
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Connects it to the publisher of a server that starts, in place of any other.
    pub(super) fn attach(&self, events: RunningEvents) -> Weak<RunningEvents> {
        let events = Arc::new(events);
        let attached = Arc::downgrade(&events);
        let mut running = self.running.write().unwrap_or_else(PoisonError::into_inner);
        *running = Some(events);
        attached
    }

    /// Takes it off the publisher of a server that ends, unless it has another server's by now.
    pub(super) fn detach(&self, attached: &Weak<RunningEvents>) -> Option<Arc<RunningEvents>> {
        let mut running = self.running.write().unwrap_or_else(PoisonError::into_inner);
        running.take_if(|running| std::ptr::eq(Arc::as_ptr(running), attached.as_ptr()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_server_events_go_nowhere() {
        let events = EventPublisher::new();
        let now = SystemTime::now();
        let pushed = events.push_change("a/b/c", "x", Value::Long(1), Quality::Valid, now);
        assert_eq!(pushed, Ok(()));
        assert_eq!(events.push_data_ready("a/b/c", "x", 1), Ok(()));
        assert_eq!(events.interface_changed("a/b/c"), Ok(false));
        assert_eq!(events.subscribers("a/b/c", "x"), 0);
    }
}
