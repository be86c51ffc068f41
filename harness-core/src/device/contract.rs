//! What a control system has to offer, and what it gives back.

use std::any::Any;
use std::fmt::{self, Debug, Display, Formatter};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use serde::{Deserialize, Serialize, Serializer};

use super::DeviceError;
use crate::event::Signal;
use crate::value::Value;

/// A boxed future that can be sent between threads: what the object-safe traits here return.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A device under test.
///
/// All methods take `&self`, and several calls may be under way at once. A call must end by
/// itself, with an error if need be: implementations have a time limit for the device to answer.
/// Dropping a returned future gives up waiting; whether the device still does what was asked is up
/// to the device.
pub trait Device: Debug + Send + Sync {
    /// The canonical name in lower case, such as `low-tmc/subarray/01`: the identity of the
    /// device in records and failures. Two objects with one name are the same device.
    fn name(&self) -> &str;

    /// Executes a command; `argument` is [`Value::Void`] for commands that take none.
    fn command<'a>(
        &'a self,
        command: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DeviceError>>;

    /// Reads an attribute from the device.
    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<Reading, DeviceError>>;

    /// Writes an attribute.
    fn write<'a>(
        &'a self,
        attribute: &'a str,
        value: Value,
    ) -> BoxFuture<'a, Result<(), DeviceError>>;

    /// Subscribes to the changes of an attribute.
    ///
    /// When this returns, [`Signal::Initial`] has been delivered and every later change will be.
    fn subscribe<'a>(
        &'a self,
        attribute: &'a str,
        sink: Arc<dyn EventSink>,
    ) -> BoxFuture<'a, Result<Subscription, DeviceError>>;

    /// The names of its commands, or `None` if it is a device that can not tell. `None` by default.
    fn commands(&self) -> BoxFuture<'_, Result<Option<Vec<String>>, DeviceError>> {
        Box::pin(std::future::ready(Ok(None)))
    }

    /// What a command takes and gives, or `None` if it is a device that can not tell. `None` by default.
    ///
    /// # Errors
    /// When the device has no such command, or does not answer.
    fn command_types<'a>(
        &'a self,
        command: &'a str,
    ) -> BoxFuture<'a, Result<Option<CommandTypes>, DeviceError>> {
        let _ = command;
        Box::pin(std::future::ready(Ok(None)))
    }

    /// A value of an attribute in the device's own words, as far as they are known without asking
    /// the device: a bare number of an enumeration with its label. The value as it is by default.
    fn labelled(&self, attribute: &str, value: Value) -> Value {
        let _ = attribute;
        value
    }
}

/// What a command takes and gives, as the control system calls it: `DevString`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandTypes {
    /// What it takes.
    pub argument: String,
    /// What it gives.
    pub reply: String,
}

/// Where a subscription delivers; closures `Fn(Signal)` are sinks.
pub trait EventSink: Send + Sync {
    /// Takes one signal. Called in the order of arrival; must neither block nor call the device.
    fn deliver(&self, signal: Signal);
}

impl<F: Fn(Signal) + Send + Sync> EventSink for F {
    fn deliver(&self, signal: Signal) {
        self(signal);
    }
}

/// Keeps a subscription alive.
#[must_use = "dropping a subscription ends it"]
pub struct Subscription(
    #[expect(dead_code, reason = "held for its Drop")] Box<dyn Any + Send + Sync>,
);

impl Subscription {
    /// Wraps whatever ends the subscription when it is dropped.
    pub fn new(guard: impl Any + Send + Sync) -> Self {
        Self(Box::new(guard))
    }
}

impl Debug for Subscription {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Subscription")
    }
}

/// The value of an attribute at one moment.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    /// The value; [`Value::Void`] when the quality is invalid and the device gave none.
    pub value: Value,
    /// What the device says of the value.
    pub quality: Quality,
    /// When the device took the value, by the device's own clock, if it says so. In JSON in RFC
    /// 3339, UTC, if it is a time from 1970 to 9999, and else left out.
    #[serde(serialize_with = "rfc3339", skip_serializing_if = "is_no_date")]
    pub server_time: Option<SystemTime>,
}

impl Reading {
    /// A valid value without a time.
    pub fn new(value: impl Into<Value>) -> Self {
        Self {
            value: value.into(),
            quality: Quality::Valid,
            server_time: None,
        }
    }

    /// Sets the quality.
    #[must_use]
    pub fn with_quality(mut self, quality: Quality) -> Self {
        self.quality = quality;
        self
    }

    /// Sets the time by the device's clock.
    #[must_use]
    pub fn with_server_time(mut self, time: SystemTime) -> Self {
        self.server_time = Some(time);
        self
    }
}

/// The last second that can be written, in seconds after 1970: that of the year 9999.
const LAST_SECOND: u64 = 253_402_300_799;

/// Whether there is no time, or none that can be written: the clock of a device may say anything.
fn is_no_date(time: &Option<SystemTime>) -> bool {
    let since = time.and_then(|time| time.duration_since(SystemTime::UNIX_EPOCH).ok());
    since.is_none_or(|since| since.as_secs() > LAST_SECOND)
}

fn rfc3339<S: Serializer>(time: &Option<SystemTime>, serializer: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => serializer.collect_str(&humantime::format_rfc3339_micros(*time)),
        None => serializer.serialize_none(),
    }
}

/// Writes the value, and the quality when it is not valid.
impl Display for Reading {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.quality {
            Quality::Valid => write!(f, "{}", self.value),
            quality => write!(f, "{} ({quality})", self.value),
        }
    }
}

/// What a device says of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Quality {
    /// Can be relied upon.
    #[default]
    Valid,
    /// Can not be relied upon.
    Invalid,
    /// Beyond an alarm limit.
    Alarm,
    /// On its way to another value.
    Changing,
    /// Beyond a warning limit.
    Warning,
}

impl Display for Quality {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Alarm => "alarm",
            Self::Changing => "changing",
            Self::Warning => "warning",
        })
    }
}
