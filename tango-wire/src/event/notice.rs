//! What a subscription says, and who is told.

use std::time::Duration;

use crate::types::{AttributeReading, DevFailed};

/// Something a subscription has to say, in the order in which it happened.
///
/// `T` is what its events bring: an [`AttributeReading`], an
/// [`AttributeConfig`](crate::types::AttributeConfig), an
/// [`InterfaceChange`](crate::types::InterfaceChange) or a [`DataReady`](crate::types::DataReady).
/// `C` is what can be read when there is no event: the same, but nothing in the case of data ready
/// events.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum EventNotice<T = AttributeReading, C = T> {
    /// What there was at the moment of subscribing. The first notice, unless that is an error, and
    /// no event.
    Initial(C),
    /// The server sent an event.
    Event(T),
    /// The device pushed an error in place of a value, or could not be read: then this stands in
    /// place of [`EventNotice::Initial`] or [`EventNotice::Back`].
    Error(DevFailed),
    /// The event connection broke or fell silent. The subscription tries to come back for as long
    /// as it lives; until [`EventNotice::Back`] nothing is heard of the attribute.
    Lost {
        /// What was noticed.
        reason: String,
    },
    /// It has not come back yet; told every 10 s.
    StillLost {
        /// For how long nothing has been heard.
        lasting: Duration,
        /// Why the last attempt failed.
        reason: String,
    },
    /// Events were missed, or may have been.
    Gap {
        /// How many, where the server's counter tells.
        missed: Option<u64>,
        /// How it was noticed.
        reason: String,
    },
    /// The subscription works again: what there is now, read anew.
    Back(C),
}

/// Takes the notices of a subscription; a closure will do.
///
/// Called in the task that reads the event connection, which many subscriptions share: it must be
/// quick and must not block. While it takes its time, up to 128 MiB of further events are kept for
/// it, and then the server's own queue fills; what that drops is told as an
/// [`EventNotice::Gap`]. The connection does not count as dead meanwhile. Notices of all
/// attributes of one server process come in the order in which the server sent them. It may drop
/// its own subscription. One that panics ends the connection, and with it, for a moment, all
/// subscriptions to that server.
pub trait EventHandler<T = AttributeReading, C = T>: Send + Sync + 'static {
    /// Takes the next notice.
    fn handle(&self, notice: EventNotice<T, C>);
}

impl<F, T, C> EventHandler<T, C> for F
where
    F: Fn(EventNotice<T, C>) + Send + Sync + 'static,
{
    fn handle(&self, notice: EventNotice<T, C>) {
        self(notice);
    }
}
