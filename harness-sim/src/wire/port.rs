//! Changes of attributes as change events.

use std::sync::Arc;

use tango_wire::server::EventPublisher;

use super::servant::reading;
use crate::attribute::{Attribute, AttributePort, AttributeValue};

/// Sends a device's changes to the clients that have subscribed.
#[derive(Clone, Debug)]
pub(crate) struct EventPort {
    device: Arc<str>,
    events: EventPublisher,
}

impl EventPort {
    pub(crate) const fn new(device: Arc<str>, events: EventPublisher) -> EventPort {
        EventPort { device, events }
    }
}

impl AttributePort for EventPort {
    fn push(&self, attribute: Attribute, value: AttributeValue) {
        let reading = reading(attribute, value);
        let pushed = self
            .events
            .push_reading(&self.device, attribute.name(), reading);
        if let Err(error) = pushed {
            // every attribute is declared with the type that is pushed: a mistake of this crate
            tracing::error!(device = %self.device, %attribute, %error, "event not sent");
        }
    }

    fn wants(&self, attribute: Attribute) -> bool {
        self.events.subscribers(&self.device, attribute.name()) > 0
    }
}
