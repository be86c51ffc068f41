//! The client's side of events: each one delivered, in order, or its loss told.
//!
//! A subscription begins with a request to the server's admin device (`SubscriptionPoint` is its
//! answer). All subscriptions to one server share one ZeroMQ connection (`channel`), and its one
//! reader keeps the order in which the server sent its events, across attributes and devices. Each
//! subscription has a route in it, which settles what came while it was being set up, and a
//! supervisor that renews it, and brings it back when the server goes away.

mod channel;
mod channels;
mod content;
mod counter;
mod error;
mod fingerprint;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
mod holding;
mod message;
mod notice;
mod options;
mod point;
mod pulse;
mod route;
mod settling;
mod source;
mod subscription;

pub use error::SubscribeError;
pub use notice::{EventHandler, EventNotice};
pub use options::EventOptions;
pub use subscription::EventSubscription;

pub(crate) use channels::EventChannels;
pub(crate) use content::EventContent;
pub(crate) use point::SubscriptionPoint;
pub(crate) use source::EventSource;
pub(crate) use subscription::subscribe;
