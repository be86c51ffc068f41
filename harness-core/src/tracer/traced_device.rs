//! A device whose commands and events go to the record.

use std::sync::Arc;

use super::{Tracer, TracerError};
use crate::device::{Device, DeviceError, Reading};
use crate::journal::EntryKind;
use crate::timeout::Timeout;
use crate::value::Value;

/// A device together with the tracer that records what it is asked and what it says.
///
/// Cheap to clone. Assertions and actions take anything that gives one by reference.
#[derive(Clone, Debug)]
pub struct TracedDevice {
    device: Arc<dyn Device>,
    name: Arc<str>,
    tracer: Tracer,
}

impl TracedDevice {
    pub(super) fn new(device: Arc<dyn Device>, tracer: Tracer) -> Self {
        let name = device.name().to_ascii_lowercase().into();
        Self {
            device,
            name,
            tracer,
        }
    }

    /// The canonical name, in lower case.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The device itself; what is done through it is not recorded.
    pub fn device(&self) -> &Arc<dyn Device> {
        &self.device
    }

    /// The tracer.
    pub fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    /// Executes a command, and records it and its reply. Dropping the future leaves a command
    /// without a reply in the record.
    ///
    /// # Errors
    ///
    /// When the device refuses or can not be reached.
    pub async fn command(
        &self,
        command: &str,
        argument: impl Into<Value>,
    ) -> Result<Value, DeviceError> {
        let argument = argument.into();
        let calling = self.device.command(command, argument.clone());
        let reply = Value::clone;
        self.recorded(command.into(), argument, None, calling, reply)
            .await
    }

    /// [`command`](Self::command) for one who gives up when that timeout ends, and who therefore
    /// knows how much time is left.
    pub(crate) async fn command_within(
        &self,
        command: &str,
        argument: Value,
        timeout: &Timeout,
    ) -> Result<Value, DeviceError> {
        let calling = self.device.command(command, argument.clone());
        let reply = Value::clone;
        self.recorded(command.into(), argument, Some(timeout), calling, reply)
            .await
    }

    /// Makes a call between two entries of the record, and says so when it takes long.
    async fn recorded<T>(
        &self,
        command: Arc<str>,
        argument: Value,
        timeout: Option<&Timeout>,
        calling: impl Future<Output = Result<T, DeviceError>>,
        reply: impl Fn(&T) -> Value,
    ) -> Result<T, DeviceError> {
        let journal = self.tracer.journal();
        let sent = journal.append(EntryKind::Command {
            device: Arc::clone(&self.name),
            command: Arc::clone(&command),
            argument,
        });
        let outcome = self.answered(&command, timeout, calling).await;
        journal.append(EntryKind::Reply {
            device: Arc::clone(&self.name),
            command,
            to: sent.sequence,
            outcome: outcome.as_ref().map(reply).map_err(DeviceError::clone),
        });
        outcome
    }

    async fn answered<F: Future>(
        &self,
        asked: &str,
        timeout: Option<&Timeout>,
        calling: F,
    ) -> F::Output {
        let action = format!("{asked} on {}", self.name);
        let awaited = || vec![format!("{} to answer {asked}", self.name)];
        self.tracer
            .while_waiting(&action, timeout, awaited, calling)
            .await
    }

    /// Reads an attribute from the device.
    ///
    /// # Errors
    ///
    /// When the device refuses or can not be reached.
    pub async fn read(&self, attribute: &str) -> Result<Reading, DeviceError> {
        let asked = format!("read {attribute}");
        let reading = self.device.read(attribute);
        self.answered(&asked, None, reading).await
    }

    /// Writes an attribute, and records it as a command `write <attribute>`.
    ///
    /// # Errors
    ///
    /// When the device refuses or can not be reached.
    pub async fn write(&self, attribute: &str, value: impl Into<Value>) -> Result<(), DeviceError> {
        self.written(attribute, value.into(), None).await
    }

    /// [`write`](Self::write) for one who gives up when that timeout ends.
    pub(crate) async fn write_within(
        &self,
        attribute: &str,
        value: Value,
        timeout: &Timeout,
    ) -> Result<(), DeviceError> {
        self.written(attribute, value, Some(timeout)).await
    }

    async fn written(
        &self,
        attribute: &str,
        value: Value,
        timeout: Option<&Timeout>,
    ) -> Result<(), DeviceError> {
        let name = format!("write {attribute}");
        let calling = self.device.write(attribute, value.clone());
        let reply = |(): &()| Value::Void;
        self.recorded(name.into(), value, timeout, calling, reply)
            .await
    }

    /// Watches an attribute from now on: see [`Tracer::watch`].
    ///
    /// # Errors
    ///
    /// When the device refuses the subscription or can not be reached.
    pub async fn watch(&self, attribute: &str) -> Result<(), TracerError> {
        self.tracer.watch(&self.device, attribute).await
    }

    /// Watches an attribute if the device pushes events for it, and tells whether it does: see
    /// [`Tracer::watch_if_pushed`].
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use harness_core::{InMemoryDevice, Tracer};
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
    /// let subarray = InMemoryDevice::new("low-tmc/subarray/01").with_attribute("obsState", "IDLE");
    /// let subarray = Tracer::default().device(Arc::new(subarray));
    /// assert!(subarray.watch_if_pushed("obsState").await?);
    /// assert!(!subarray.watch_if_pushed("lrcFinished").await?);
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// When the device can not be reached or does not answer; that is not remembered.
    pub async fn watch_if_pushed(&self, attribute: &str) -> Result<bool, TracerError> {
        self.tracer.watch_if_pushed(&self.device, attribute).await
    }
}

impl AsRef<TracedDevice> for TracedDevice {
    fn as_ref(&self) -> &TracedDevice {
        self
    }
}
