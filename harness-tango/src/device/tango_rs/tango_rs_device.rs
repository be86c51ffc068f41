//! A device through cppTango.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use harness_core::device::{CommandTypes, DeviceErrorKind, EventSink, StackFrame, Subscription};
use harness_core::{BoxFuture, Device, DeviceError, Reading, Value};
use tango_client::{AttributeData, DeviceProxy, TangoResult};
use tango_wire::types::AttributeFormat;

use super::carried;
use super::error::{device_error, is_its_own};
use super::proxies::{CallError, Proxies};
use crate::device::error::not_sent;
use crate::device::from_wire::{self, Labels};
use crate::device::tango_device::lock;
use crate::device::{TangoDevice, to_wire};

/// A device whose commands, reads and writes go through cppTango, as far as the crate `tango-client`
/// can do them soundly; the rest goes through the [`TangoDevice`] beside it. docs/backends.md lists
/// what goes which way. [`TangoRsConnector`](super::TangoRsConnector) makes them.
///
/// # Threads and dropped futures
/// Each call is made by a thread of the device, up to 8 at once, so the runtime is never blocked. A
/// future that is dropped before its call began leaves nothing behind: the call is not made. One that
/// is dropped later does not stop the call, which ends within the timeout of the client; its thread is
/// free again then. The threads end when the device is dropped and their calls are over.
#[derive(Debug)]
pub struct TangoRsDevice {
    wire: TangoDevice,
    proxies: Proxies,
    /// The attributes, in lower case, at whose values the crate panicked before.
    unreadable: Mutex<HashSet<String>>,
}

impl TangoRsDevice {
    pub(super) fn new(wire: TangoDevice, proxies: Proxies) -> TangoRsDevice {
        TangoRsDevice {
            wire,
            proxies,
            unreadable: Mutex::default(),
        }
    }

    /// The same device through tango-wire, which does what `tango-client` can not do.
    #[must_use]
    pub fn wire(&self) -> &TangoDevice {
        &self.wire
    }

    /// How many calls were made through cppTango so far, that of connecting among them; all others
    /// went through tango-wire.
    #[must_use]
    pub fn calls_through_cpp_tango(&self) -> u64 {
        self.proxies.begun()
    }

    /// Asks what every device answers, without running code of its own.
    pub(super) async fn check(&self) -> Result<(), DeviceError> {
        let check = |proxy: &mut DeviceProxy| proxy.command_query("State").map(drop);
        self.call("connect", check).await
    }

    pub(super) async fn call<T: Send + 'static>(
        &self,
        operation: &str,
        work: impl FnOnce(&mut DeviceProxy) -> TangoResult<T> + Send + 'static,
    ) -> Result<T, DeviceError> {
        let called = self.proxies.call(work).await;
        called.map_err(|error| device_error(self.name(), operation, error))
    }

    /// What is not reached may come back as another program, with other types: calls that the crate
    /// does soundly depend on them.
    fn noted(&self, error: DeviceError) -> DeviceError {
        if error.kind == DeviceErrorKind::Unreachable {
            self.wire.forget_types();
            lock(&self.unreadable).clear();
        }
        error
    }

    fn unknown(&self, operation: &str) -> DeviceError {
        let words = "a value of another type than the device tells, which tango-client gives";
        DeviceError::new(DeviceErrorKind::Protocol, self.name(), operation)
            .with_frame(StackFrame::new("", words))
    }

    async fn send(&self, command: &str, argument: Value) -> Result<Value, DeviceError> {
        // Known beforehand: some replies the crate loses after the command was executed. A name that
        // is none is refused here.
        let signature = self.wire.signature(command).await?;
        let argument = if argument.is_void() {
            tango_wire::Value::Void
        } else {
            to_wire::argument(&argument, signature.input)
                .map_err(|error| not_sent(self.name(), command, error))?
        };
        let sent = carried::argument(&argument).filter(|_| carried::is_reply(signature.output));
        let Some(sent) = sent else {
            return self.wire.send_wire(command, argument).await;
        };
        let name = command.to_owned();
        let run = move |proxy: &mut DeviceProxy| proxy.command_inout(&name, sent);
        let reply = carried::reply(self.call(command, run).await?);
        let reply = reply.ok_or_else(|| self.unknown(command))?;
        Ok(from_wire::value(reply))
    }

    async fn read_attribute(&self, attribute: &str) -> Result<Reading, DeviceError> {
        let operation = format!("read {attribute}");
        let known = self.wire.attribute(attribute, &operation).await?;
        let key = attribute.to_ascii_lowercase();
        if !carried::is_read(&known.config) || lock(&self.unreadable).contains(&key) {
            return self.wire.read(attribute).await;
        }
        let name = attribute.to_owned();
        let read = move |proxy: &mut DeviceProxy| proxy.read_attribute(&name);
        match self.proxies.call(read).await {
            Ok(data) => {
                let reading = carried::reading(data).ok_or_else(|| self.unknown(&operation))?;
                Ok(from_wire::reading(reading, &Labels::from([])))
            }
            // an empty list
            Err(CallError::Failed(error)) if is_its_own(&error) => self.wire.read(attribute).await,
            // a value of invalid quality
            Err(CallError::Panicked) => {
                tracing::warn!(
                    device = self.name(),
                    attribute,
                    "read through tango-wire from now on: tango-client panicked at its value, \
                     which is probably of invalid quality"
                );
                lock(&self.unreadable).insert(key);
                self.wire.read(attribute).await
            }
            Err(error) => Err(device_error(self.name(), &operation, error)),
        }
    }

    async fn write_attribute(&self, attribute: &str, value: Value) -> Result<(), DeviceError> {
        let operation = format!("write {attribute}");
        let known = self.wire.attribute(attribute, &operation).await?;
        let is_enumerated = !known.labels.is_empty();
        if known.config.format != AttributeFormat::Scalar || is_enumerated {
            return self.wire.write(attribute, value).await;
        }
        let (converted, _) = to_wire::attribute(&value, &known.config, &known.labels)
            .map_err(|error| not_sent(self.name(), &operation, error))?;
        let Some(written) = carried::written(&converted) else {
            return self.wire.write(attribute, value).await;
        };
        let data = AttributeData::simple(attribute, written);
        self.call(&operation, move |proxy| proxy.write_attribute(data))
            .await
    }
}

impl Device for TangoRsDevice {
    fn name(&self) -> &str {
        self.wire.name()
    }

    fn command<'a>(
        &'a self,
        command: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DeviceError>> {
        Box::pin(async move {
            let sent = self.send(command, argument).await;
            sent.map_err(|error| self.noted(error))
        })
    }

    fn commands(&self) -> BoxFuture<'_, Result<Option<Vec<String>>, DeviceError>> {
        self.wire.commands()
    }

    fn command_types<'a>(
        &'a self,
        command: &'a str,
    ) -> BoxFuture<'a, Result<Option<CommandTypes>, DeviceError>> {
        self.wire.command_types(command)
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<Reading, DeviceError>> {
        Box::pin(async move {
            let read = self.read_attribute(attribute).await;
            read.map_err(|error| self.noted(error))
        })
    }

    fn write<'a>(
        &'a self,
        attribute: &'a str,
        value: Value,
    ) -> BoxFuture<'a, Result<(), DeviceError>> {
        Box::pin(async move {
            let written = self.write_attribute(attribute, value).await;
            written.map_err(|error| self.noted(error))
        })
    }

    fn subscribe<'a>(
        &'a self,
        attribute: &'a str,
        sink: Arc<dyn EventSink>,
    ) -> BoxFuture<'a, Result<Subscription, DeviceError>> {
        self.wire.subscribe(attribute, sink)
    }

    fn labelled(&self, attribute: &str, value: Value) -> Value {
        self.wire.labelled(attribute, value)
    }
}
