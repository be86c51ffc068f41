//! A device that lives in the test itself.

use std::collections::{HashMap, HashSet};
use std::fmt::{self, Debug, Formatter};
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::labels::Labels;
use super::{BoxFuture, DeviceError, DeviceErrorKind, EventSink, Reading, StackFrame};
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
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) name: String,
    state: Mutex<State>,
}

#[derive(Default)]
pub(super) struct State {
    pub(super) attributes: HashMap<String, Attribute>,
    pub(super) commands: HashMap<String, Arc<Command>>,
    /// Of enumerated attributes.
    pub(super) labels: HashMap<String, Labels>,
    unreachable: bool,
    /// Attributes that can be read and push no events.
    pub(super) silent: HashSet<String>,
    pub(super) subscriptions_made: u64,
}

pub(super) struct Attribute {
    pub(super) reading: Reading,
    pub(super) sinks: Vec<(u64, Arc<dyn EventSink>)>,
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

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        // the state is consistent between any two statements, so a panic elsewhere does no harm
        self.inner
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn reachable(&self, operation: &str) -> Result<MutexGuard<'_, State>, DeviceError> {
        let state = self.state();
        if state.unreachable {
            return Err(self.error(DeviceErrorKind::Unreachable, operation));
        }
        Ok(state)
    }

    pub(super) fn error(&self, kind: DeviceErrorKind, operation: &str) -> DeviceError {
        DeviceError::new(kind, self.inner.name.as_str(), operation)
    }

    pub(super) fn no_such(&self, what: &str, name: &str, operation: &str) -> DeviceError {
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
