use crate::types::{AttributeReading, DevFailed};

/// What a subscription has to say. The [module](crate::event) tells in which order.
#[derive(Debug, Clone, PartialEq)]
pub enum EventNotice {
    /// The value at the time of subscription. It is no change.
    Initial(AttributeReading),
    /// A change event.
    Change(AttributeReading),
    /// The device sent an error in place of a value, or could not be read at the start.
    Error(DevFailed),
    /// No events will come until `Back`.
    Lost {
        /// Why, in words.
        reason: String,
    },
    /// Events may have been missed.
    Gap {
        /// How many, if that is known.
        missed: Option<u64>,
        /// How it was noticed, in words.
        reason: String,
    },
    /// Events flow again; the value as it was read then.
    Back(AttributeReading),
}

/// Who is told.
///
/// Called in the task that reads the events, so it must not block: what it keeps waiting is every
/// event of that server. A handler that panics is logged and loses that notice.
pub trait EventHandler: Send + Sync + 'static {
    /// Takes a notice.
    fn handle(&self, notice: EventNotice);
}

impl<F: Fn(EventNotice) + Send + Sync + 'static> EventHandler for F {
    fn handle(&self, notice: EventNotice) {
        self(notice);
    }
}
