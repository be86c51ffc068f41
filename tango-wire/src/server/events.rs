//! Sends events.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::SystemTime,
};

use super::{
    EventError, ReadingToServe, answer::sendable_failure, calls::reading_of, device::Device,
    topics::Topics,
};
use crate::{
    cdr::{ByteOrder, CdrError, Writer},
    types::{AttributeConfig, AttributeVersion, DevFailed, Quality, Value},
    zmtp::Publisher,
};

/// What stands before the data of every event but pipe events.
const DATA_PREFIX: [u8; 4] = [0xc0, 0xde, 0xc0, 0xde];

/// Sends the change events of a server's devices; never waits.
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
/// Cloning is cheap, all clones are the same.
#[derive(Clone, Default)]
pub struct EventPublisher {
    running: Arc<RwLock<Option<Arc<RunningEvents>>>>,
}

/// What there is to publish with while the server runs.
#[derive(Debug)]
pub(super) struct RunningEvents {
    publisher: Publisher,
    devices: HashMap<String, HashMap<String, AttributeEvents>>,
}

/// The change events of one attribute.
#[derive(Debug)]
struct AttributeEvents {
    config: AttributeConfig,
    topic: String,
    /// How many were sent. Held while one is, so that they leave in the order of their numbers.
    counter: Mutex<u32>,
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
    /// There is no such attribute, or the value does not fit it.
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
    /// There is no such attribute, or the value does not fit it.
    pub fn push_reading(
        &self,
        device: &str,
        attribute: &str,
        reading: ReadingToServe,
    ) -> Result<(), EventError> {
        let Some(running) = self.running() else {
            return Ok(());
        };
        let events = running.find(device, attribute)?;
        let reading = reading_of(&events.config, reading).map_err(EventError::Value)?;
        let mut data = Writer::with_prefix(ByteOrder::Little, &DATA_PREFIX);
        reading.write(&mut data, AttributeVersion::Five);
        running.send(events, &data.finish()?, false)
    }

    /// Sends an error in place of a value: the attribute cannot be read now.
    ///
    /// # Errors
    /// There is no such attribute.
    pub fn push_error(
        &self,
        device: &str,
        attribute: &str,
        failure: &DevFailed,
    ) -> Result<(), EventError> {
        let Some(running) = self.running() else {
            return Ok(());
        };
        let events = running.find(device, attribute)?;
        let mut data = Writer::with_prefix(ByteOrder::Little, &DATA_PREFIX);
        sendable_failure(failure).write(&mut data);
        running.send(events, &data.finish()?, true)
    }

    /// How many clients are subscribed to an attribute's change events now.
    #[must_use]
    pub fn subscribers(&self, device: &str, attribute: &str) -> usize {
        let Some(running) = self.running() else {
            return 0;
        };
        match running.find(device, attribute) {
            Ok(events) => running.publisher.subscribers(events.topic.as_bytes()),
            Err(_) => 0,
        }
    }

    /// How many events were lost because a client did not take them in time, counted once per
    /// client.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.running()
            .map_or(0, |running| running.publisher.dropped())
    }

    fn running(&self) -> Option<Arc<RunningEvents>> {
        self.running
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Connects it to the publisher of a server that starts.
    pub(super) fn attach(&self, events: RunningEvents) {
        let mut running = self.running.write().unwrap_or_else(PoisonError::into_inner);
        *running = Some(Arc::new(events));
    }

    /// Takes it off the publisher of a server that ends.
    pub(super) fn detach(&self) -> Option<Arc<RunningEvents>> {
        let mut running = self.running.write().unwrap_or_else(PoisonError::into_inner);
        running.take()
    }
}

impl RunningEvents {
    pub(super) fn new(publisher: Publisher, topics: &Topics, devices: &[Arc<Device>]) -> Self {
        let of_device = |device: &Arc<Device>| {
            let of_attribute = |config: &AttributeConfig| {
                let events = AttributeEvents {
                    config: config.clone(),
                    topic: topics.event(device.name(), &config.name, "change"),
                    counter: Mutex::new(0),
                };
                (config.name.to_lowercase(), events)
            };
            let attributes = device.attributes().iter().map(of_attribute).collect();
            (device.name().to_lowercase(), attributes)
        };
        Self {
            publisher,
            devices: devices.iter().map(of_device).collect(),
        }
    }

    /// Closes the port, whoever may still be about to send.
    pub(super) async fn close(&self) {
        self.publisher.close().await;
    }

    fn find(&self, device: &str, attribute: &str) -> Result<&AttributeEvents, EventError> {
        let attributes = self
            .devices
            .get(&device.to_lowercase())
            .ok_or_else(|| EventError::UnknownDevice(device.to_owned()))?;
        attributes
            .get(&attribute.to_lowercase())
            .ok_or_else(|| EventError::UnknownAttribute {
                device: device.to_owned(),
                attribute: attribute.to_owned(),
            })
    }

    fn send(&self, events: &AttributeEvents, data: &[u8], error: bool) -> Result<(), EventError> {
        let mut counter = events
            .counter
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        *counter = counter.wrapping_add(1);
        let call = call_info(*counter, error)?;
        let order = [ByteOrder::Little.flag()];
        self.publisher
            .publish(&[events.topic.as_bytes(), &order, &call, data]);
        Ok(())
    }
}

/// What stands before an event's data: `ZmqCallInfo` of the interface definition.
pub(super) fn call_info(counter: u32, error: bool) -> Result<Vec<u8>, CdrError> {
    let mut writer = Writer::new(ByteOrder::Little);
    writer.i32(1); // version
    writer.u32(counter);
    writer.string(""); // method
    writer.bytes(&[]); // object
    writer.bool(error);
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn call_information_takes_21_octets() {
        let octets = call_info(2, true).expect("sendable");
        assert_eq!(octets.len(), 21);
        assert_eq!(octets[..12], [1, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0]);
        assert_eq!(octets[20], 1);
    }

    #[test]
    fn without_a_server_events_go_nowhere() {
        let events = EventPublisher::new();
        let now = SystemTime::now();
        let pushed = events.push_change("a/b/c", "x", Value::Long(1), Quality::Valid, now);
        assert_eq!(pushed, Ok(()));
        assert_eq!(events.subscribers("a/b/c", "x"), 0);
    }
}
