//! What a device must be able to do to be served.

use std::{future::Future, pin::Pin, time::SystemTime};

use crate::types::{AttributeConfig, CommandInfo, DevFailed, DevState, EventKind, Quality, Value};

/// A future on the heap, as the methods of [`Servant`] return it.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One device behind a [`DeviceServer`](super::DeviceServer).
///
/// The server answers for it whatever follows from these methods: the commands `State`, `Status`
/// and `Init`, the attributes `State` and `Status`, all questions about commands and attributes.
/// It checks names and types before it calls, so [`command`](Self::command),
/// [`read`](Self::read) and [`write`](Self::write) only see what was declared, spelt as it was
/// declared. Commands, reads and writes of one device run one after another, unless the server was
/// given another [`Serialization`](super::Serialization).
/// A panic is answered with an error and ends only the call it happened in.
pub trait Servant: Send + Sync + 'static {
    /// The name of the device's class.
    fn class(&self) -> String;

    /// Its commands, without `State`, `Status` and `Init`.
    ///
    /// Asked when the server starts, after every [`init`](Self::init), and when the device
    /// [says](super::EventPublisher::interface_changed) that they have changed.
    fn commands(&self) -> Vec<CommandInfo>;

    /// Its attributes, without `State` and `Status`. Asked whenever its commands are.
    ///
    /// What clients have written to configurations since is kept by the server, not by the
    /// servant.
    fn attributes(&self) -> Vec<AttributeConfig>;

    /// Its state now.
    fn state(&self) -> DevState;

    /// Its status now: the state in words, unless it has more to say.
    fn status(&self) -> String {
        format!("The device is in {} state.", self.state())
    }

    /// Runs a command. The reply must be of the type the command declared.
    fn command<'a>(
        &'a self,
        name: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DevFailed>>;

    /// Reads an attribute. The value must be of the type and shape the attribute declared.
    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>>;

    /// Writes an attribute that was declared writable.
    fn write<'a>(
        &'a self,
        attribute: &'a str,
        _value: Value,
    ) -> BoxFuture<'a, Result<(), DevFailed>> {
        let refusal = DevFailed::new(
            "API_AttrNotWritable",
            format!("attribute {attribute} cannot be written"),
            "Servant::write",
        );
        Box::pin(std::future::ready(Err(refusal)))
    }

    /// Writes an attribute that was declared a writable image: `value` has rows of `columns` items,
    /// one after another. By default as [`write`](Self::write), which is not told the shape.
    fn write_image<'a>(
        &'a self,
        attribute: &'a str,
        value: Value,
        _columns: u32,
    ) -> BoxFuture<'a, Result<(), DevFailed>> {
        self.write(attribute, value)
    }

    /// Whether an attribute has events of this kind. A client that wants others is refused, as
    /// real servers refuse what is neither polled nor pushed.
    ///
    /// By default every attribute has change and user events. Asked at every subscription and
    /// every event, about `State` and `Status` as well; not about changes of configurations and
    /// interfaces: these are the server's own to send.
    fn sends(&self, _attribute: &str, kind: EventKind) -> bool {
        matches!(kind, EventKind::Change | EventKind::User)
    }

    /// What every call waits for before anything is done with it, a ping as well; by default
    /// nothing. A simulated device can so stop answering for a while. What it waits for is
    /// dropped with the call.
    fn ready(&self) -> Option<BoxFuture<'_, ()>> {
        None
    }

    /// Puts the device back to where it started: what the command `Init` does. By default nothing.
    fn init(&self) -> BoxFuture<'_, Result<(), DevFailed>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

/// What a servant answers when one of its attributes is read, and what an event carries.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadingToServe {
    /// The value; [`Value::Void`] if there is none, with [`Quality::Invalid`].
    pub value: Value,
    /// How far it can be trusted. What is valid as such is served as ALARM or WARNING if it is
    /// beyond a limit of the attribute's configuration.
    pub quality: Quality,
    /// When the device had it.
    pub time: SystemTime,
    /// What was last written to it, of writable attributes.
    pub set_point: Option<Value>,
    /// The length of a row, of images: their rows stand one after another in the value.
    pub columns: Option<u32>,
}

impl ReadingToServe {
    /// A valid value of now.
    #[must_use]
    pub fn new(value: Value) -> Self {
        Self {
            value,
            quality: Quality::Valid,
            time: SystemTime::now(),
            set_point: None,
            columns: None,
        }
    }

    /// No value.
    #[must_use]
    pub fn invalid() -> Self {
        Self::new(Value::Void).with_quality(Quality::Invalid)
    }

    /// With another quality.
    #[must_use]
    pub fn with_quality(mut self, quality: Quality) -> Self {
        self.quality = quality;
        self
    }

    /// Of another time.
    #[must_use]
    pub fn with_time(mut self, time: SystemTime) -> Self {
        self.time = time;
        self
    }

    /// With the value that was last written.
    #[must_use]
    pub fn with_set_point(mut self, set_point: Value) -> Self {
        self.set_point = Some(set_point);
        self
    }

    /// As an image with rows of that many items.
    #[must_use]
    pub fn with_columns(mut self, columns: u32) -> Self {
        self.columns = Some(columns);
        self
    }
}

impl From<Value> for ReadingToServe {
    fn from(value: Value) -> Self {
        Self::new(value)
    }
}
