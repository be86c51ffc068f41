//! Subscribing to an attribute's change events.

use std::io;
use std::pin::Pin;
use std::sync::Arc;

use super::DeviceProxy;
use crate::error::Error;
use crate::event::{
    EventHandler, EventSource, EventSubscription, SubscribeError, SubscriptionPoint, subscribe,
};
use crate::types::{AttributeReading, DevFailed, Value};
use crate::zmtp::ZmtpError;

/// What the methods of an event source return.
type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, SubscribeError>> + Send + 'a>>;

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
        let source = Attribute {
            device: self.clone(),
            attribute: attribute.to_owned(),
        };
        let channels = self.client.events().clone();
        let subscribed = subscribe(Arc::new(source), channels, Arc::new(handler));
        subscribed
            .await
            .map_err(|error| self.subscription_error(attribute, error))
    }

    fn subscription_error(&self, attribute: &str, error: SubscribeError) -> Error {
        let operation = format!("subscription to {attribute}");
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

/// An attribute of a device, as a subscription needs it.
struct Attribute {
    device: DeviceProxy,
    attribute: String,
}

impl Attribute {
    async fn point(&self) -> Result<SubscriptionPoint, SubscribeError> {
        let call = |source| SubscribeError::Call {
            attribute: self.name(),
            source,
        };
        let admin = self.device.admin().await.map_err(call)?;
        let found = self.device.find().await.map_err(call)?;
        let mut argument = vec![
            found.name.to_string(),
            self.attribute.to_ascii_lowercase(),
            "subscribe".to_owned(),
            "change".to_owned(),
        ];
        if found.version > 4 {
            argument.push(found.version.to_string());
        }
        let reply = admin
            .command(COMMAND, Value::Strings(argument))
            .await
            .map_err(call)?;
        SubscriptionPoint::from_reply(reply)
    }
}

impl EventSource for Attribute {
    fn name(&self) -> String {
        format!("{}/{}", self.device.name(), self.attribute)
    }

    fn request(&self) -> Answer<'_, SubscriptionPoint> {
        Box::pin(self.point())
    }

    fn read(&self) -> Answer<'_, Result<AttributeReading, DevFailed>> {
        Box::pin(async {
            match self.device.read(&self.attribute).await {
                Ok(reading) => Ok(Ok(reading)),
                Err(Error::DevFailed { failure, .. }) => Ok(Err(failure)),
                Err(source) => Err(SubscribeError::Call {
                    attribute: self.name(),
                    source,
                }),
            }
        })
    }
}
