//! What a device in memory answers.

use std::sync::{Arc, Weak};

use super::in_memory::{Attribute, InMemoryDevice, Inner};
use super::{
    BoxFuture, Device, DeviceError, DeviceErrorKind, EventSink, Reading, StackFrame, Subscription,
};
use crate::event::Signal;
use crate::value::Value;

impl Device for InMemoryDevice {
    fn name(&self) -> &str {
        &self.inner.name
    }

    fn command<'a>(
        &'a self,
        command: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DeviceError>> {
        Box::pin(async move {
            let found = self
                .reachable(command)?
                .commands
                .get(&command.to_ascii_lowercase())
                .cloned();
            match found {
                Some(closure) => closure(self.clone(), argument).await,
                None => Err(self.no_such("command", command, command)),
            }
        })
    }

    /// In lower case.
    fn commands(&self) -> BoxFuture<'_, Result<Option<Vec<String>>, DeviceError>> {
        let commands = self
            .reachable("list the commands")
            .map(|state| Some(state.commands.keys().cloned().collect()));
        Box::pin(std::future::ready(commands))
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<Reading, DeviceError>> {
        Box::pin(async move {
            let operation = format!("read {attribute}");
            let state = self.reachable(&operation)?;
            match state.attributes.get(&attribute.to_ascii_lowercase()) {
                Some(found) => Ok(found.reading.clone()),
                None => Err(self.no_such("attribute", attribute, &operation)),
            }
        })
    }

    fn write<'a>(
        &'a self,
        attribute: &'a str,
        value: Value,
    ) -> BoxFuture<'a, Result<(), DeviceError>> {
        Box::pin(async move {
            let operation = format!("write {attribute}");
            let known = self
                .reachable(&operation)?
                .attributes
                .contains_key(&attribute.to_ascii_lowercase());
            if !known {
                return Err(self.no_such("attribute", attribute, &operation));
            }
            self.set(attribute, value);
            Ok(())
        })
    }

    fn subscribe<'a>(
        &'a self,
        attribute: &'a str,
        sink: Arc<dyn EventSink>,
    ) -> BoxFuture<'a, Result<Subscription, DeviceError>> {
        Box::pin(async move {
            let operation = format!("subscribe to {attribute}");
            let key = attribute.to_ascii_lowercase();
            let mut state = self.reachable(&operation)?;
            let is_silent = state.silent.contains(&key);
            let Some(found) = state.attributes.get_mut(&key) else {
                let mut error = self.no_such("attribute", attribute, &operation);
                error.kind = DeviceErrorKind::NotPushed;
                return Err(error);
            };
            if is_silent {
                let words = format!("{attribute} pushes no change events");
                let error = self.error(DeviceErrorKind::NotPushed, &operation);
                return Err(error.with_frame(StackFrame::new("NoEvents", words)));
            }
            sink.deliver(Signal::Initial(found.reading.clone()));
            state.subscriptions_made += 1;
            let number = state.subscriptions_made;
            if let Some(found) = state.attributes.get_mut(&key) {
                found.sinks.push((number, sink));
            }
            Ok(Subscription::new(Unsubscribe {
                device: Arc::downgrade(&self.inner),
                attribute: key,
                number,
            }))
        })
    }

    fn labelled(&self, attribute: &str, value: Value) -> Value {
        let key = attribute.to_ascii_lowercase();
        let state = self.state();
        match (state.labels.get(&key), state.attributes.get(&key)) {
            (Some(labels), _) => labels.labelled(value),
            (None, Some(Attribute { reading, .. })) => reading.value.label_for(value),
            (None, None) => value,
        }
    }
}

/// Takes the sink off the device when dropped.
struct Unsubscribe {
    device: Weak<Inner>,
    attribute: String,
    number: u64,
}

impl Drop for Unsubscribe {
    fn drop(&mut self) {
        let Some(inner) = self.device.upgrade() else {
            return;
        };
        let device = InMemoryDevice { inner };
        // dropped after the lock is let go: a sink may own anything
        let mut gone = Vec::new();
        if let Some(attribute) = device.state().attributes.get_mut(&self.attribute) {
            gone.extend(
                attribute
                    .sinks
                    .extract_if(.., |(number, _)| *number == self.number),
            );
        }
    }
}
