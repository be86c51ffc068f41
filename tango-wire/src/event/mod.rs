//! Change events, as a client follows them.
//!
//! [`DeviceProxy::subscribe`](crate::client::DeviceProxy::subscribe) gives a handler one
//! [`EventNotice`] after the other:
//!
//! | notice | when |
//! |---|---|
//! | `Initial` | once, first: the value at the time of subscription |
//! | `Change` | a change event |
//! | `Error` | the device sent an error instead of a value, or could not be read at the start |
//! | `Lost` | the connection broke, or the server gave no heartbeat for 20 s |
//! | `Gap` | events may have been missed: their counter jumped, or the connection was away |
//! | `Back` | after `Lost` and `Gap`: events flow again, and this is the value now |
//!
//! # Order
//! All events of one server process come through one connection and one task, which calls the
//! handlers in the order in which the server sent the events, across attributes and devices.
//! So a handler must not block.
//!
//! # The start
//! Nothing that happens after the subscription is confirmed is lost, and nothing runs backwards.
//! First the subscription is sent and confirmed, then the attribute is read, and meanwhile events
//! are kept. The events that are no later than the reading, by the server's own clock, come before
//! it: then the first of them is the `Initial` value, the others are changes, and the reading,
//! which the last of them usually equals, is left out or, if it differs in value or quality, a
//! change too. If there are none, the reading itself is `Initial`. The later events follow.
//! The same holds for `Back`.
//!
//! # Duplicates
//! cppTango sends the first event after a subscription twice. A message that equals the previous
//! one of its topic in every octet is therefore dropped: two real events differ in their time.
//! The events' counter can't tell: cppTango 9.3 leaves it at 0 without a database.
//!
//! # Loss
//! For the same reason the counter is believed only where it moves: a step by more than one is a
//! `Gap` of that many events, a step back is a `Gap` of unknown size.
//!
//! # The server's end
//! A subscription outlives its server. When the connection breaks, or no heartbeat has come for
//! 20 s (a server sends one every 9 s), the handler is told at once that events are `Lost`. Then,
//! for as long as the subscription lives, the device is looked for again, at first after 0.1 s and
//! then ever more seldom, up to every 2 s. Servers forget a subscription after 600 s, so it is
//! renewed every 200 s.

mod consumer;
mod consumers;
mod notice;
mod opening;
mod source;
mod subscription;
mod topic;
mod wire;

pub use notice::{EventHandler, EventNotice};
pub use subscription::EventSubscription;
pub use wire::{ChangeEvent, EventError, read_event, write_event, write_heartbeat};

pub(crate) use consumers::Consumers;
