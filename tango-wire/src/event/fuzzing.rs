//! Where the fuzz targets enter; compiled for them only.

use super::{SubscriptionPoint, content::EventContent, message::decode};
use crate::{
    types::{AttributeConfig, AttributeReading, DataReady, InterfaceChange, Value},
    zmtp::Message,
};

/// Decodes an event as a client does, which takes it for what its topic says; true if it is one.
#[must_use]
pub fn read_event(message: &Message) -> bool {
    fn is<T: EventContent>(message: &Message) -> bool {
        decode::<T>(message).is_ok()
    }
    let topic = message.topic();
    if topic.ends_with(b"attr_conf") {
        is::<AttributeConfig>(message)
    } else if topic.ends_with(b"intr_change") {
        is::<InterfaceChange>(message)
    } else if topic.ends_with(b"data_ready") {
        is::<DataReady>(message)
    } else {
        is::<AttributeReading>(message)
    }
}

/// Reads the answer to a subscription as a client does; true if it is one.
#[must_use]
pub fn read_subscription_point(reply: Value) -> bool {
    SubscriptionPoint::from_reply(reply).is_ok()
}
