//! What there is to publish with while a server runs.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    cdr::{ByteOrder, CdrError, Writer},
    server::{
        EventError, ReadingToServe, answer::sendable_failure, calls::reading_of, device::Device,
        device_table::DeviceTable, interface::Attribute, topics::Topics,
    },
    types::{AttributeVersion, DataReady, DevFailed, EventKind},
    zmtp::Publisher,
};

/// What stands before the data of every event but pipe events.
const DATA_PREFIX: [u8; 4] = [0xc0, 0xde, 0xc0, 0xde];

/// The most octets of an event: what [`Limits`](crate::zmtp::Limits) let subscribers take.
const EVENT_LIMIT: usize = 64 << 20;

/// The port of events, and the devices that send them.
#[derive(Debug)]
pub(in crate::server) struct RunningEvents {
    publisher: Publisher,
    topics: Topics,
    devices: Arc<DeviceTable>,
    /// How many events were sent, by topic. Held while one is, so that they leave in the order of
    /// their numbers.
    counters: Mutex<HashMap<String, u32>>,
}

impl RunningEvents {
    pub(in crate::server) fn new(
        publisher: Publisher,
        topics: Topics,
        devices: Arc<DeviceTable>,
    ) -> Self {
        Self {
            publisher,
            topics,
            devices,
            counters: Mutex::default(),
        }
    }

    /// Closes the port, whoever may still be about to send.
    pub(in crate::server) async fn close(&self) {
        self.publisher.close().await;
    }

    pub(super) fn device(&self, name: &str) -> Result<&Arc<Device>, EventError> {
        let device = self.devices.find(name);
        device.ok_or_else(|| EventError::UnknownDevice(name.to_owned()))
    }

    pub(super) fn push_reading(
        &self,
        kind: EventKind,
        device: &str,
        attribute: &str,
        reading: ReadingToServe,
    ) -> Result<(), EventError> {
        let (device, attribute) = self.with_value(kind, device, attribute)?;
        let reading = reading_of(&attribute, reading).map_err(EventError::Value)?;
        let data = data(|writer| reading.write(writer, AttributeVersion::Five))?;
        self.send(kind, device, &attribute.config().name, false, || Ok(data))
    }

    pub(super) fn take_number(
        &self,
        kind: EventKind,
        device: &str,
        attribute: &str,
    ) -> Result<u32, EventError> {
        let (device, attribute) = self.with_value(kind, device, attribute)?;
        let topic = self
            .topics
            .event(device.name(), &attribute.config().name, kind);
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counters.entry(topic).or_default();
        *count = count.wrapping_add(1);
        Ok(*count)
    }

    pub(super) fn push_numbered(
        &self,
        kind: EventKind,
        device: &str,
        attribute: &str,
        reading: ReadingToServe,
        number: u32,
    ) -> Result<(), EventError> {
        let (device, attribute) = self.with_value(kind, device, attribute)?;
        let reading = reading_of(&attribute, reading).map_err(EventError::Value)?;
        let data = data(|writer| reading.write(writer, AttributeVersion::Five))?;
        let topic = self
            .topics
            .event(device.name(), &attribute.config().name, kind);
        let _order = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        self.publish(&topic, &call_info(number, false)?, &data)
    }

    pub(super) fn push_failure(
        &self,
        kind: EventKind,
        device: &str,
        attribute: &str,
        failure: &DevFailed,
    ) -> Result<(), EventError> {
        let (device, attribute) = self.with_value(kind, device, attribute)?;
        let data = data(|writer| sendable_failure(failure).write(writer))?;
        self.send(kind, device, &attribute.config().name, true, || Ok(data))
    }

    pub(super) fn push_data_ready(
        &self,
        device: &str,
        attribute: &str,
        counter: i32,
    ) -> Result<(), EventError> {
        let kind = EventKind::DataReady;
        let (device, attribute) = self.sending(kind, device, attribute)?;
        let config = attribute.config();
        let ready = DataReady {
            name: config.name.clone(),
            data_type: config.data_type,
            counter,
        };
        let data = data(|writer| ready.write(writer))?;
        self.send(kind, device, &config.name, false, || Ok(data))
    }

    /// What it is when the event's turn has come: of two changes, the later one is told last.
    pub(super) fn push_configuration(
        &self,
        device: &Device,
        attribute: &str,
    ) -> Result<(), EventError> {
        let kind = EventKind::AttributeConfig;
        self.send(kind, device, attribute, false, || {
            let attribute = device.find_attribute(attribute);
            let attribute = attribute.map_err(EventError::Value)?;
            Ok(data(|writer| attribute.config().write(writer))?)
        })
    }

    /// What it is when the event's turn has come.
    pub(super) fn push_interface(&self, device: &Device) -> Result<(), EventError> {
        self.send(EventKind::InterfaceChange, device, "", false, || {
            // true is what clients make up themselves when they subscribe
            let change = device.interface().change(false);
            Ok(data(|writer| change.write(writer))?)
        })
    }

    pub(super) fn subscribers(&self, kind: EventKind, device: &str, attribute: &str) -> usize {
        let topic = self.topics.event(device, attribute, kind);
        self.publisher.subscribers(topic.as_bytes())
    }

    pub(super) fn dropped(&self) -> u64 {
        self.publisher.dropped()
    }

    fn with_value(
        &self,
        kind: EventKind,
        device: &str,
        attribute: &str,
    ) -> Result<(&Arc<Device>, Arc<Attribute>), EventError> {
        if kind.carries_value() {
            self.sending(kind, device, attribute)
        } else {
            Err(EventError::WithoutValue(kind))
        }
    }

    fn sending(
        &self,
        kind: EventKind,
        device: &str,
        attribute: &str,
    ) -> Result<(&Arc<Device>, Arc<Attribute>), EventError> {
        let device = self.device(device)?;
        let found = device.interface().attribute(attribute).map(Arc::clone);
        let found = found.ok_or_else(|| EventError::UnknownAttribute {
            device: device.name().to_owned(),
            attribute: attribute.to_owned(),
        })?;
        if device.sends(found.config(), kind) {
            Ok((device, found))
        } else {
            Err(EventError::NotSent {
                attribute: attribute.to_owned(),
                kind,
            })
        }
    }

    fn send(
        &self,
        kind: EventKind,
        device: &Device,
        attribute: &str,
        error: bool,
        data: impl FnOnce() -> Result<Vec<u8>, EventError>,
    ) -> Result<(), EventError> {
        let topic = self.topics.event(device.name(), attribute, kind);
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counters.get(&topic).copied().unwrap_or(0).wrapping_add(1);
        self.publish(&topic, &call_info(count, error)?, &data()?)?;
        counters.insert(topic, count);
        Ok(())
    }

    /// Must be called while the counters are held.
    fn publish(&self, topic: &str, call: &[u8], data: &[u8]) -> Result<(), EventError> {
        let order = [ByteOrder::Little.flag()];
        let message = [topic.as_bytes(), &order, call, data];
        let size = message.iter().map(|part| part.len()).sum();
        if size > EVENT_LIMIT {
            let limit = EVENT_LIMIT;
            return Err(EventError::TooLarge { size, limit });
        }
        self.publisher.publish(&message);
        Ok(())
    }
}

fn data(write: impl FnOnce(&mut Writer)) -> Result<Vec<u8>, CdrError> {
    let mut writer = Writer::with_prefix(ByteOrder::Little, &DATA_PREFIX);
    write(&mut writer);
    writer.finish()
}

/// What stands before an event's data: `ZmqCallInfo` of the interface definition.
pub(in crate::server) fn call_info(counter: u32, error: bool) -> Result<Vec<u8>, CdrError> {
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
}
