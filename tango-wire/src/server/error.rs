//! Why a server could not start, or an event not be sent.

use std::io;

use crate::{
    cdr::CdrError,
    error::Error,
    types::{DevFailed, EventKind},
    zmtp::ZmtpError,
};

/// Why a device server could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// The address to listen on cannot be bound.
    #[error("cannot listen on {address}")]
    Bind {
        /// The address.
        address: String,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The ports for events cannot be bound.
    #[error("cannot open the ports for events")]
    Events(#[from] ZmtpError),
    /// The server's name is not of the form `program/instance`.
    #[error("'{0}' is no server name: it must read program/instance")]
    ServerName(String),
    /// A device's name is not of the form `domain/family/member`.
    #[error("'{0}' is no device name: it must read domain/family/member")]
    DeviceName(String),
    /// Two devices have the same name.
    #[error("device {0} is there twice")]
    Duplicate(String),
    /// The database does not answer, or refuses.
    #[error("cannot register with the Tango database at {tango_host}: is it running there?")]
    Database {
        /// Where it should be.
        tango_host: String,
        /// What went wrong.
        #[source]
        source: Error,
    },
    /// The address under which the server is to be known cannot be written down.
    #[error("the host cannot be put into an object reference")]
    Host(#[from] CdrError),
}

/// Why an event was not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EventError {
    /// The server has no such device.
    #[error("there is no device {0} in this server")]
    UnknownDevice(String),
    /// The device has no such attribute.
    #[error("device {device} has no attribute {attribute}")]
    UnknownAttribute {
        /// The device.
        device: String,
        /// What was looked for.
        attribute: String,
    },
    /// The device does not send events of that kind, so that nobody could be subscribed.
    #[error("attribute {attribute} has no {kind} events: Servant::sends says so")]
    NotSent {
        /// The attribute.
        attribute: String,
        /// The kind of events.
        kind: EventKind,
    },
    /// Events of that kind carry no value.
    #[error("{0} events carry no value")]
    WithoutValue(EventKind),
    /// The value does not fit the attribute's declaration.
    #[error("the value does not fit the attribute")]
    Value(#[source] DevFailed),
    /// The value cannot be written down.
    #[error("the value cannot be sent")]
    Encoding(#[from] CdrError),
    /// Subscribers would end their connections over it.
    #[error(
        "an event of {size} octets is too large: subscribers take {limit}, send less at a time"
    )]
    TooLarge {
        /// Octets of the event.
        size: usize,
        /// The most that this crate's own subscribers take.
        limit: usize,
    },
}
