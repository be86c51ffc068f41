//! A device that lives in the test itself.

use std::collections::{HashMap, HashSet};
use std::fmt::{self, Debug, Formatter};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use super::labels::Labels;
use super::{
    BoxFuture, Device, DeviceError, DeviceErrorKind, EventSink, Reading, StackFrame, Subscription,
};
use crate::event::Signal;
use crate::value::Value;

type Command =
    dyn Fn(InMemoryDevice, Value) -> BoxFuture<'static, Result<Value, DeviceError>> + Send + Sync;

/// A device in memory: its attributes are set by the test, its commands are closures.
///
/// Setting an attribute pushes a change event, also when the value stays the same. Clones are the
/// same device. Names of commands and attributes are the same in any case.
///
/// ```
/// use harness_core::device::{Device, InMemoryDevice};
/// use harness_core::Value;
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let dish = InMemoryDevice::new("mid-dish/dish-manager/ska001")
///     .with_attribute("dishMode", "STANDBY_LP")
///     .with_command("SetOperateMode", |dish, _argument| {
///         dish.set("dishMode", "OPERATE");
///         Ok(Value::Void)
///     });
/// dish.command("SetOperateMode", Value::Void).await?;
/// assert_eq!(dish.read("dishmode").await?.value, Value::from("OPERATE"));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct InMemoryDevice {
    inner: Arc<Inner>,
}

struct Inner {
    name: String,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    attributes: HashMap<String, Attribute>,
    commands: HashMap<String, Arc<Command>>,
    /// Of enumerated attributes.
    labels: HashMap<String, Labels>,
    unreachable: bool,
    /// Attributes that can be read and push no events.
    silent: HashSet<String>,
    subscriptions_made: u64,
}

struct Attribute {
    reading: Reading,
    sinks: Vec<(u64, Arc<dyn EventSink>)>,
}

impl InMemoryDevice {
    /// A device with that name, without attributes or commands.
    pub fn new(name: impl AsRef<str>) -> Self {
        let name = name.as_ref().to_ascii_lowercase();
        Self {
            inner: Arc::new(Inner {
                name,
                state: Mutex::default(),
            }),
        }
    }

    /// Adds an attribute with its first value.
    #[must_use]
    pub fn with_attribute(self, name: &str, value: impl Into<Value>) -> Self {
        self.set(name, value);
        self
    }

    /// Makes an attribute an enumerated one with these labels, for the numbers from 0 on: a number
    /// or a label that it is set to from now on, or has already, becomes a member.
    ///
    /// ```
    /// use harness_core::{Device, InMemoryDevice};
    ///
    /// let subarray = InMemoryDevice::new("low-tmc/subarray/01")
    ///     .with_attribute("obsState", 0)
    ///     .with_labels("obsState", ["EMPTY", "RESOURCING", "IDLE"]);
    /// assert_eq!(subarray.labelled("obsState", 2.into()).to_string(), "IDLE");
    /// ```
    #[must_use]
    pub fn with_labels<L: Into<Arc<str>>>(
        self,
        attribute: &str,
        labels: impl IntoIterator<Item = L>,
    ) -> Self {
        let key = attribute.to_ascii_lowercase();
        let labels: Labels = labels.into_iter().collect();
        {
            let mut state = self.state();
            if let Some(attribute) = state.attributes.get_mut(&key) {
                let value = std::mem::take(&mut attribute.reading.value);
                attribute.reading.value = labels.labelled(value);
            }
            state.labels.insert(key, labels);
        }
        self
    }

    /// Makes an attribute one that can be read and pushes no events: subscriptions to it are
    /// refused.
    #[must_use]
    pub fn without_events(self, attribute: &str) -> Self {
        self.state().silent.insert(attribute.to_ascii_lowercase());
        self
    }

    /// Adds a command that answers at once. It is given the device itself and the argument.
    #[must_use]
    pub fn with_command<F>(self, name: &str, command: F) -> Self
    where
        F: Fn(InMemoryDevice, Value) -> Result<Value, DeviceError> + Send + Sync + 'static,
    {
        self.with_async_command(name, move |device, argument| {
            std::future::ready(command(device, argument))
        })
    }

    /// Adds a command that takes its time. It is given the device itself and the argument.
    #[must_use]
    pub fn with_async_command<F, Fut>(self, name: &str, command: F) -> Self
    where
        F: Fn(InMemoryDevice, Value) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<Value, DeviceError>> + Send + 'static,
    {
        let boxed: Arc<Command> =
            Arc::new(move |device, argument| Box::pin(command(device, argument)));
        self.state()
            .commands
            .insert(name.to_ascii_lowercase(), boxed);
        self
    }

    /// Sets an attribute and pushes the value to its subscribers; adds the attribute if it is new.
    pub fn set(&self, attribute: &str, value: impl Into<Value>) {
        let reading = Reading::new(value);
        self.push(attribute, Signal::Change(reading));
    }

    /// Pushes any signal, such as a gap or an error, to the subscribers of an attribute. If it
    /// carries a value, the attribute has that value from now on.
    pub fn push(&self, attribute: &str, mut signal: Signal) {
        let mut state = self.state();
        let key = attribute.to_ascii_lowercase();
        if let (Some(labels), Some(reading)) = (state.labels.get(&key), signal.reading_mut()) {
            let value = std::mem::take(&mut reading.value);
            reading.value = labels.labelled(value);
        }
        if let Some(reading) = signal.reading() {
            state
                .attributes
                .entry(key.clone())
                .and_modify(|attribute| attribute.reading = reading.clone())
                .or_insert_with(|| Attribute {
                    reading: reading.clone(),
                    sinks: Vec::new(),
                });
        }
        // delivered under the lock, so that all subscribers see one order
        if let Some(attribute) = state.attributes.get(&key) {
            for (_, sink) in &attribute.sinks {
                sink.deliver(signal.clone());
            }
        }
    }

    /// While unreachable, every call to the device fails. Subscriptions made before stay alive;
    /// push a [`Signal::Lost`] to tell their owners.
    pub fn set_unreachable(&self, unreachable: bool) {
        self.state().unreachable = unreachable;
    }

    /// How many subscriptions have been made so far, ended ones included.
    pub fn subscriptions_made(&self) -> u64 {
        self.state().subscriptions_made
    }

    /// How many subscriptions are alive now.
    pub fn live_subscriptions(&self) -> usize {
        self.state()
            .attributes
            .values()
            .map(|attribute| attribute.sinks.len())
            .sum()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // the state is consistent between any two statements, so a panic elsewhere does no harm
        self.inner
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn reachable(&self, operation: &str) -> Result<MutexGuard<'_, State>, DeviceError> {
        let state = self.state();
        if state.unreachable {
            return Err(self.error(DeviceErrorKind::Unreachable, operation));
        }
        Ok(state)
    }

    fn error(&self, kind: DeviceErrorKind, operation: &str) -> DeviceError {
        DeviceError::new(kind, self.inner.name.as_str(), operation)
    }

    fn no_such(&self, what: &str, name: &str, operation: &str) -> DeviceError {
        self.error(DeviceErrorKind::Refused, operation)
            .with_frame(StackFrame::new(
                "NotFound",
                format!("the device has no {what} {name}"),
            ))
    }
}

impl Debug for InMemoryDevice {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("InMemoryDevice")
            .field("name", &self.inner.name)
            .finish_non_exhaustive()
    }
}

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
                return Err(self.no_such("attribute", attribute, &operation));
            };
            if is_silent {
                let words = format!("{attribute} pushes no change events");
                let error = self.error(DeviceErrorKind::Refused, &operation);
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
