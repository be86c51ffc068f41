//! What a refused command must leave as it is.

use std::sync::Arc;

use harness_core::failure::{Expected, Failure};
use harness_core::{Event, Mark, TracedDevice, Value};

/// An attribute that must not change.
#[derive(Debug)]
pub(super) struct Unchanged {
    device: TracedDevice,
    attribute: Arc<str>,
    /// Whether the device must have it.
    is_named: bool,
    /// Its value before the command, if it is known.
    before: Option<Value>,
}

impl Unchanged {
    /// An attribute that the device must have.
    pub(super) fn named(device: &TracedDevice, attribute: &str) -> Unchanged {
        Unchanged {
            device: device.clone(),
            attribute: attribute.into(),
            is_named: true,
            before: None,
        }
    }

    /// An attribute that the device may lack.
    pub(super) fn if_there(device: &TracedDevice, attribute: &str) -> Unchanged {
        Unchanged {
            is_named: false,
            ..Unchanged::named(device, attribute)
        }
    }

    pub(super) fn is_about(&self, event: &Event) -> bool {
        event.is_from(self.device.name(), &self.attribute)
    }

    pub(super) async fn watch(&mut self) -> Result<(), Failure> {
        if self.is_named {
            self.device.watch(&self.attribute).await.map_err(|error| {
                let what = format!("{} {} can be watched", error.device, error.attribute);
                Failure::new(error.to_string())
                    .with_expected(Expected::missing(what).nearest(error.source.to_string()))
            })?;
        } else {
            // what a device does not have does not change; what it does not push is read
            let _ = self.device.watch_if_pushed(&self.attribute).await;
        }
        Ok(())
    }

    /// Notes the value before the command: the last one heard, or else what is read.
    pub(super) async fn note_value(&mut self) {
        let tracer = self.device.tracer();
        let latest = tracer.latest(self.device.name(), &self.attribute);
        let reading = match latest {
            Some(reading) => Some(reading),
            // what can not be read, the device does not have
            None => self.device.read(&self.attribute).await.ok(),
        };
        self.before = reading.map(|reading| reading.value);
    }

    /// What it changed to, if it did. Events may be late, so the device is asked, too.
    pub(super) async fn changed(&self, mark: &Mark) -> Option<String> {
        let (name, attribute) = (self.device.name(), &self.attribute);
        let seen = self.device.tracer().changes_since(mark, name, attribute);
        if let Some(change) = seen.first() {
            return Some(format!("{attribute} changed to {}", change.reading.value));
        }
        let before = self.before.as_ref()?;
        match self.device.read(attribute).await {
            Ok(now) if now.value == *before => None,
            Ok(now) => Some(format!("{attribute} is {now}, no longer {before}")),
            Err(error) => Some(format!(
                "it is not known whether {attribute} changed: {error}"
            )),
        }
    }
}
