//! Subscribing to events.

use std::io;
use std::pin::Pin;
use std::sync::Arc;

use super::DeviceProxy;
use crate::error::Error;
use crate::event::{
    EventContent, EventHandler, EventSource, EventSubscription, SubscribeError, SubscriptionPoint,
    subscribe,
};
use crate::types::{
    AttributeConfig, AttributeReading, DataReady, DevFailed, EventKind, InterfaceChange, Value,
};
use crate::zmtp::ZmtpError;

/// What the methods of an event source return.
type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, SubscribeError>> + Send + 'a>>;

/// The newest interface whose events this client reads. The server sends the layouts of the device's
/// interface if that is older.
const CLIENT_VERSION: &str = "6";
/// The admin device's command for all events.
const COMMAND: &str = "ZmqEventSubscriptionChange";

impl DeviceProxy {
    /// Follows an attribute's change events until the returned guard is dropped.
    ///
    /// When this returns, the subscription is confirmed and `handler` has been given the value as
    /// [`EventNotice::Initial`](crate::event::EventNotice::Initial), or the device's error if it
    /// could not be read. Every later event will be handed over, or its loss told.
    ///
    /// # Errors
    /// The device has no such attribute or does not send change events of it, or does not answer.
    pub async fn subscribe(
        &self,
        attribute: &str,
        handler: impl EventHandler,
    ) -> Result<EventSubscription, Error> {
        self.subscribe_to(attribute, EventKind::Change, handler)
            .await
    }

    /// Follows the events of an attribute that carry values: those of the kinds
    /// [`Change`](EventKind::Change), [`Periodic`](EventKind::Periodic),
    /// [`Archive`](EventKind::Archive), [`Alarm`](EventKind::Alarm) and [`User`](EventKind::User).
    /// Otherwise as [`DeviceProxy::subscribe`].
    ///
    /// # Errors
    /// As of [`DeviceProxy::subscribe`]. [`Error::EventKind`] if the events of `kind` carry
    /// something else: there are methods of their own for these.
    pub async fn subscribe_to(
        &self,
        attribute: &str,
        kind: EventKind,
        handler: impl EventHandler,
    ) -> Result<EventSubscription, Error> {
        if !kind.carries_value() {
            return Err(Error::EventKind { kind });
        }
        self.follow::<AttributeReading>(attribute, kind, Arc::new(handler))
            .await
    }

    /// Follows an attribute's configuration: each change of it is an event.
    /// Otherwise as [`DeviceProxy::subscribe`].
    ///
    /// # Errors
    /// As of [`DeviceProxy::subscribe`].
    pub async fn subscribe_to_config(
        &self,
        attribute: &str,
        handler: impl EventHandler<AttributeConfig>,
    ) -> Result<EventSubscription, Error> {
        let kind = EventKind::AttributeConfig;
        self.follow::<AttributeConfig>(attribute, kind, Arc::new(handler))
            .await
    }

    /// Follows an attribute's data ready events: the device says that there is something to read,
    /// not what. Otherwise as [`DeviceProxy::subscribe`].
    ///
    /// # Errors
    /// As of [`DeviceProxy::subscribe`].
    pub async fn subscribe_to_data_ready(
        &self,
        attribute: &str,
        handler: impl EventHandler<DataReady, ()>,
    ) -> Result<EventSubscription, Error> {
        let kind = EventKind::DataReady;
        self.follow::<DataReady>(attribute, kind, Arc::new(handler))
            .await
    }

    /// Follows the device's interface: each change of its commands and attributes, and each start
    /// of the device, is an event. Otherwise as [`DeviceProxy::subscribe`].
    ///
    /// # Errors
    /// As of [`DeviceProxy::subscribe`]. Devices of IDL 4 have no such events.
    pub async fn subscribe_to_interface(
        &self,
        handler: impl EventHandler<InterfaceChange>,
    ) -> Result<EventSubscription, Error> {
        let kind = EventKind::InterfaceChange;
        self.follow::<InterfaceChange>("", kind, Arc::new(handler))
            .await
    }

    async fn follow<T: EventContent>(
        &self,
        attribute: &str,
        kind: EventKind,
        handler: Arc<dyn EventHandler<T, T::Current>>,
    ) -> Result<EventSubscription, Error>
    where
        T::Current: Readable,
    {
        let source = Followed {
            device: self.clone(),
            attribute: attribute.to_owned(),
            kind,
        };
        let name = source.name();
        let channels = self.client.events().clone();
        subscribe(kind, Arc::new(source), channels, handler)
            .await
            .map_err(|error| self.subscription_error(&name, error))
    }

    fn subscription_error(&self, name: &str, error: SubscribeError) -> Error {
        let operation = format!("subscription to {name}");
        match error {
            SubscribeError::Call { source, .. } => source,
            SubscribeError::Reply(reason) => Error::protocol(self.name(), operation, reason),
            SubscribeError::Connect { endpoint, source } => {
                let address = format!("{endpoint} (events of {})", self.name());
                let source = match source {
                    ZmtpError::Io(source) => source,
                    other => io::Error::other(other),
                };
                Error::Unreachable { address, source }
            }
            SubscribeError::Ended { reason } => Error::Closed {
                device: self.name().to_owned(),
                operation,
                may_have_run: true,
                source: Some(io::Error::new(io::ErrorKind::ConnectionReset, reason)),
            },
        }
    }
}

/// What one subscription is about.
struct Followed {
    device: DeviceProxy,
    /// The attribute; "" where it is the device as a whole.
    attribute: String,
    kind: EventKind,
}

impl Followed {
    /// What messages call it: the attribute, with the kind of event if it is not the usual one.
    fn name(&self) -> String {
        let Followed {
            attribute, kind, ..
        } = self;
        match kind {
            EventKind::Change => attribute.clone(),
            EventKind::InterfaceChange => format!("{kind} events"),
            kind => format!("{kind} events of {attribute}"),
        }
    }

    async fn request(&self) -> Result<SubscriptionPoint, SubscribeError> {
        let failed = |source| self.failed(source);
        let found = self.device.find().await.map_err(failed)?;
        let argument = Value::Strings(vec![
            found.name.to_string(),
            self.attribute.to_ascii_lowercase(),
            "subscribe".to_owned(),
            self.kind.name().to_owned(),
            CLIENT_VERSION.to_owned(),
        ]);
        let asked = self.device.ask_admin(|admin| {
            let argument = argument.clone();
            async move { admin.command(COMMAND, argument).await }
        });
        SubscriptionPoint::from_reply(asked.await.map_err(failed)?)
    }

    fn failed(&self, source: Error) -> SubscribeError {
        SubscribeError::Call {
            attribute: format!("{} of {}", self.name(), self.device.name()),
            source,
        }
    }
}

impl<C: Readable> EventSource<C> for Followed {
    fn name(&self) -> String {
        format!("{} of {}", Followed::name(self), self.device.name())
    }

    fn request(&self) -> Answer<'_, SubscriptionPoint> {
        Box::pin(Followed::request(self))
    }

    fn read(&self) -> Answer<'_, Result<C, DevFailed>> {
        Box::pin(async {
            match C::read(&self.device, &self.attribute).await {
                Ok(current) => Ok(Ok(current)),
                // what the device answers is no failure of the subscription
                Err(Error::DevFailed { failure, .. }) => Ok(Err(failure)),
                Err(source) => Err(self.failed(source)),
            }
        })
    }
}

/// What can be read of an attribute or device while there is no event.
trait Readable: Sized + Send + 'static {
    fn read(
        device: &DeviceProxy,
        attribute: &str,
    ) -> impl Future<Output = Result<Self, Error>> + Send;
}

impl Readable for AttributeReading {
    async fn read(device: &DeviceProxy, attribute: &str) -> Result<Self, Error> {
        device.read(attribute).await
    }
}

impl Readable for AttributeConfig {
    async fn read(device: &DeviceProxy, attribute: &str) -> Result<Self, Error> {
        device.attribute_config(attribute).await
    }
}

impl Readable for InterfaceChange {
    async fn read(device: &DeviceProxy, _: &str) -> Result<Self, Error> {
        Ok(InterfaceChange {
            device_started: false,
            commands: device.commands().await?,
            attributes: device.attribute_configs(&[]).await?,
        })
    }
}

impl Readable for () {
    /// That data are ready cannot be read.
    async fn read(_: &DeviceProxy, _: &str) -> Result<Self, Error> {
        Ok(())
    }
}
