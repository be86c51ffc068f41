//! A device over Tango.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use harness_core::device::{CommandTypes, EventSink, Subscription};
use harness_core::{BoxFuture, Device, DeviceError, Reading, Signal, Value};
use tango_wire::types::{AttributeConfig, AttributeFormat, AttributeReading, AttributeWrite};
use tango_wire::{DataType, DeviceProxy, EventNotice};

use super::error::{device_error, not_sent, of_subscribing};
use super::from_wire::{self, Labels};
use super::to_wire;

/// A device over Tango: a [`DeviceProxy`] that speaks the values of the harness.
///
/// Arguments and written values take the type that the device wants; the words of enumerated
/// attributes come from the device. Both are asked for once per command and attribute, and kept
/// for as long as this object lives.
///
/// ```no_run
/// use harness_core::Device;
/// use harness_tango::device::TangoDevice;
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = tango_wire::Client::new().with_tango_host("databaseds:10000");
/// let subarray = TangoDevice::new(client.device("low-tmc/subarray/01").await?);
/// println!("{}", subarray.read("obsState").await?); // EMPTY
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct TangoDevice {
    proxy: DeviceProxy,
    /// By command, in lower case.
    commands: Mutex<HashMap<String, Signature>>,
    /// By attribute, in lower case.
    attributes: Mutex<HashMap<String, Known>>,
}

/// An attribute that was asked for.
#[derive(Clone, Debug)]
struct Known {
    attribute: Arc<Attribute>,
    /// Whether to ask again before it is used: its words are good for events until then.
    is_stale: bool,
}

/// What a command takes and gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Signature {
    pub(super) input: DataType,
    /// Asked of the crate `tango-client` alone: tango-wire takes whatever comes.
    #[cfg_attr(not(feature = "tango-rs"), expect(dead_code, reason = "see above"))]
    pub(super) output: DataType,
}

/// What is known of an attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) config: AttributeConfig,
    pub(super) labels: Labels,
}

impl TangoDevice {
    /// The device behind this proxy.
    #[must_use]
    pub fn new(proxy: DeviceProxy) -> TangoDevice {
        TangoDevice {
            proxy,
            commands: Mutex::default(),
            attributes: Mutex::default(),
        }
    }

    /// The proxy, for what the harness has no words for.
    #[must_use]
    pub fn proxy(&self) -> &DeviceProxy {
        &self.proxy
    }

    fn error(&self, operation: &str, error: tango_wire::Error) -> DeviceError {
        device_error(self.name(), operation, error)
    }

    /// Has the types asked for again that the device told before.
    #[cfg(feature = "tango-rs")]
    pub(super) fn forget_types(&self) {
        lock(&self.commands).clear();
        for known in lock(&self.attributes).values_mut() {
            known.is_stale = true;
        }
    }

    pub(super) async fn signature(&self, command: &str) -> Result<Signature, DeviceError> {
        let key = command.to_ascii_lowercase();
        let known = lock(&self.commands).get(&key).copied();
        if let Some(known) = known {
            return Ok(known);
        }
        let info = self.proxy.command_info(command).await;
        let info = info.map_err(|error| self.error(command, error))?;
        let signature = Signature {
            input: info.input,
            output: info.output,
        };
        lock(&self.commands).insert(key, signature);
        Ok(signature)
    }

    async fn types_of(&self, command: &str) -> Result<Option<CommandTypes>, DeviceError> {
        let info = self.proxy.command_info(command).await;
        let info = info.map_err(|error| self.error(&format!("describe {command}"), error))?;
        Ok(Some(CommandTypes {
            argument: info.input.to_string(),
            reply: info.output.to_string(),
        }))
    }

    async fn command_list(&self) -> Result<Option<Vec<String>>, DeviceError> {
        let commands = self.proxy.commands().await;
        let commands = commands.map_err(|error| self.error("list the commands", error))?;
        Ok(Some(commands.into_iter().map(|info| info.name).collect()))
    }

    pub(super) async fn attribute(
        &self,
        name: &str,
        operation: &str,
    ) -> Result<Arc<Attribute>, DeviceError> {
        let key = name.to_ascii_lowercase();
        let known = lock(&self.attributes).get(&key).cloned();
        if let Some(known) = known.filter(|known| !known.is_stale) {
            return Ok(known.attribute);
        }
        let config = self.proxy.attribute_config(name).await;
        let config = config.map_err(|error| self.error(operation, error))?;
        let labels = config
            .enum_labels
            .iter()
            .map(|label| Arc::from(label.as_str()))
            .collect();
        let attribute = Arc::new(Attribute { config, labels });
        let known = Known {
            attribute: Arc::clone(&attribute),
            is_stale: false,
        };
        lock(&self.attributes).insert(key, known);
        Ok(attribute)
    }

    async fn send(&self, command: &str, argument: Value) -> Result<Value, DeviceError> {
        // Without an argument there is no type to ask for; a device that wants one says so itself.
        let argument = if argument.is_void() {
            tango_wire::Value::Void
        } else {
            let wanted = self.signature(command).await?.input;
            to_wire::argument(&argument, wanted)
                .map_err(|error| not_sent(self.name(), command, error))?
        };
        self.send_wire(command, argument).await
    }

    /// Sends an argument that has the type already.
    pub(super) async fn send_wire(
        &self,
        command: &str,
        argument: tango_wire::Value,
    ) -> Result<Value, DeviceError> {
        let reply = self.proxy.command(command, argument).await;
        reply
            .map(from_wire::value)
            .map_err(|error| self.error(command, error))
    }

    async fn read_attribute(&self, attribute: &str) -> Result<Reading, DeviceError> {
        let operation = format!("read {attribute}");
        let reading = self.proxy.read(attribute).await;
        let reading = reading.map_err(|error| self.error(&operation, error))?;
        let labels = match reading.data_type {
            DataType::Enum => Arc::clone(&self.attribute(attribute, &operation).await?.labels),
            _ => Labels::from([]),
        };
        Ok(from_wire::reading(reading, &labels))
    }

    async fn write_attribute(&self, attribute: &str, value: Value) -> Result<(), DeviceError> {
        let operation = format!("write {attribute}");
        let known = self.attribute(attribute, &operation).await?;
        let (value, columns) = to_wire::attribute(&value, &known.config, &known.labels)
            .map_err(|error| not_sent(self.name(), &operation, error))?;
        let written = match (known.config.format, columns) {
            (AttributeFormat::Image, Some(columns)) => {
                let write = AttributeWrite::new(attribute, value).with_columns(columns);
                self.proxy.write_many(&[write]).await
            }
            _ => self.proxy.write(attribute, value).await,
        };
        written.map_err(|error| self.error(&operation, error))
    }

    async fn follow(
        &self,
        attribute: &str,
        sink: Arc<dyn EventSink>,
    ) -> Result<Subscription, DeviceError> {
        let operation = format!("subscribe to {attribute}");
        // Asked for beforehand: while events come, nobody can wait for the device's words.
        let labels = Arc::clone(&self.attribute(attribute, &operation).await?.labels);
        let device = self.name().to_owned();
        let name = attribute.to_owned();
        let handler = move |notice| sink.deliver(signal(notice, &device, &name, &labels));
        let subscription = self.proxy.subscribe(attribute, handler).await;
        subscription
            .map(Subscription::new)
            .map_err(|error| self.error(&operation, error))
    }
}

impl Device for TangoDevice {
    fn name(&self) -> &str {
        self.proxy.name()
    }

    fn command<'a>(
        &'a self,
        command: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DeviceError>> {
        Box::pin(self.send(command, argument))
    }

    fn commands(&self) -> BoxFuture<'_, Result<Option<Vec<String>>, DeviceError>> {
        Box::pin(self.command_list())
    }

    fn command_types<'a>(
        &'a self,
        command: &'a str,
    ) -> BoxFuture<'a, Result<Option<CommandTypes>, DeviceError>> {
        Box::pin(self.types_of(command))
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<Reading, DeviceError>> {
        Box::pin(self.read_attribute(attribute))
    }

    fn write<'a>(
        &'a self,
        attribute: &'a str,
        value: Value,
    ) -> BoxFuture<'a, Result<(), DeviceError>> {
        Box::pin(self.write_attribute(attribute, value))
    }

    fn subscribe<'a>(
        &'a self,
        attribute: &'a str,
        sink: Arc<dyn EventSink>,
    ) -> BoxFuture<'a, Result<Subscription, DeviceError>> {
        Box::pin(async { self.follow(attribute, sink).await.map_err(of_subscribing) })
    }

    fn labelled(&self, attribute: &str, value: Value) -> Value {
        let key = attribute.to_ascii_lowercase();
        let known = lock(&self.attributes).get(&key).cloned();
        match known.map(|known| known.attribute) {
            Some(known) if known.config.data_type == DataType::State => from_wire::state(value),
            Some(known) => from_wire::member(value, &known.labels),
            // every device has it, and it is always of that type
            None if key == "state" => from_wire::state(value),
            None => value,
        }
    }
}

/// What a subscription says, in the words of the harness.
fn signal(notice: EventNotice, device: &str, attribute: &str, labels: &Labels) -> Signal {
    let read = |reading: AttributeReading| from_wire::reading(reading, labels);
    match notice {
        EventNotice::Initial(reading) => Signal::Initial(read(reading)),
        EventNotice::Event(reading) => Signal::Change(read(reading)),
        EventNotice::Back(reading) => Signal::Back(read(reading)),
        EventNotice::Error(failed) => {
            let error = DeviceError::refused(device, format!("read {attribute}"));
            Signal::Error(error.with_stack(from_wire::stack(&failed)))
        }
        EventNotice::Lost { reason } => Signal::Lost { reason },
        EventNotice::StillLost { lasting, reason } => Signal::StillLost { lasting, reason },
        notice => gap(notice),
    }
}

/// A notice that leaves a gap: one that says so, or one that nobody knows, since it may have been a
/// value.
fn gap(notice: EventNotice) -> Signal {
    if let EventNotice::Gap { missed, reason } = notice {
        return Signal::Gap { missed, reason };
    }
    Signal::Gap {
        missed: None,
        reason: format!("an unknown notice: {notice:?}"),
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    // Each critical section is a single read or write.
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
