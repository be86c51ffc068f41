//! Where the fuzz targets enter; compiled for them only.

use super::{SubscriptionPoint, message::EventMessage};
use crate::{types::Value, zmtp::Message};

/// Decodes an event as a client does; true if it is one.
#[must_use]
pub fn read_event(message: &Message) -> bool {
    EventMessage::decode(message).is_ok()
}

/// Reads the answer to a subscription as a client does; true if it is one.
#[must_use]
pub fn read_subscription_point(reply: Value) -> bool {
    SubscriptionPoint::from_reply(reply).is_ok()
}
