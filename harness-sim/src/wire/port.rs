//! Changes of attributes as change events.

use std::sync::Arc;

use super::servant::reading;
use super::{EventLine, Line};
use crate::attribute::{Attribute, AttributePort, AttributeValue};

/// Sends a device's changes to the clients that have subscribed.
#[derive(Clone, Debug)]
pub(crate) struct EventPort {
    line: Arc<EventLine>,
}

impl EventPort {
    pub(crate) fn new(line: &Line) -> EventPort {
        EventPort {
            line: Arc::clone(line.events()),
        }
    }
}

impl AttributePort for EventPort {
    fn push(&self, attribute: Attribute, value: AttributeValue) {
        self.line.push(attribute, reading(attribute, value));
    }

    fn wants(&self, attribute: Attribute) -> bool {
        self.line.subscribers(attribute) > 0
    }
}
