use std::io;
use std::time::Duration;

use thiserror::Error;

use crate::cdr::CdrError;
use crate::client::AddressError;
use crate::giop::SystemException;
use crate::types::{DevFailed, EventKind, MultiDevFailed};

/// Why a call on a device, or a subscription to one of its events, did not succeed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum Error {
    /// The device refused or failed, and said why.
    #[error("{device} refused {operation}")]
    DevFailed {
        /// The device.
        device: String,
        /// What it was asked, in words: "command On".
        operation: String,
        /// Its own words, the whole stack.
        #[source]
        failure: DevFailed,
    },
    /// The device refused some of several writes.
    #[error("{device} refused a part of {operation}")]
    MultiDevFailed {
        /// The device.
        device: String,
        /// What it was asked, in words.
        operation: String,
        /// The attributes that were refused, each with the device's words.
        #[source]
        failures: MultiDevFailed,
    },
    /// No connection could be opened. The call was not sent.
    #[error("no connection to {address}: is the server running, and is this its address?")]
    Unreachable {
        /// Host and port, or all of them where there are several, and the device.
        address: String,
        /// The system's words.
        #[source]
        source: io::Error,
    },
    /// No answer came in time. The device may still be at it: a Tango device runs one command at
    /// a time and holds up the next ones meanwhile.
    #[error("{device} did not answer {operation} within {after:?}; it may still be at it")]
    TimedOut {
        /// The device.
        device: String,
        /// What it was asked, in words.
        operation: String,
        /// The time it was given.
        after: Duration,
    },
    /// The connection ended before the answer.
    #[error("the connection to {device} was closed during {operation}, which {}",
        if *.may_have_run { "may have been executed" } else { "was not executed" })]
    Closed {
        /// The device.
        device: String,
        /// What it was asked, in words.
        operation: String,
        /// False if the server said that it did not execute the call.
        may_have_run: bool,
        /// The system's words, if it had any.
        #[source]
        source: Option<io::Error>,
    },
    /// The server's CORBA layer refused or lost the call.
    #[error("the server of {device} could not do {operation}")]
    System {
        /// The device.
        device: String,
        /// What it was asked, in words.
        operation: String,
        /// What CORBA calls it.
        #[source]
        exception: SystemException,
    },
    /// The argument can't be sent. Nothing was sent.
    #[error("the argument of {operation} on {device} can't be sent")]
    Argument {
        /// The device.
        device: String,
        /// What it was to be asked, in words.
        operation: String,
        /// Why.
        #[source]
        source: CdrError,
    },
    /// The answer is not what the protocol promises.
    #[error("the answer of {device} to {operation} can't be understood")]
    Protocol {
        /// The device.
        device: String,
        /// What it was asked, in words.
        operation: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Events of that kind carry no value.
    #[error("{kind} events carry no value: subscribe to them by the method made for them")]
    EventKind {
        /// The kind that was asked for.
        kind: EventKind,
    },
    /// Not an address of a device.
    #[error(transparent)]
    Name(#[from] AddressError),
    /// No database is known, or it knows no such device, or none that runs.
    #[error("the database {database} can't tell where {device} is: {reason}")]
    NotDefined {
        /// The device.
        device: String,
        /// The database, as host:port.
        database: String,
        /// The database's words, or what its answer means.
        reason: String,
    },
    /// There is no database to ask.
    #[error("no Tango database to ask: {reason}")]
    NoDatabase {
        /// Why not, and what helps.
        reason: String,
    },
}

impl Error {
    /// The device's own error stack, if it answered with one.
    #[must_use]
    pub fn dev_failed(&self) -> Option<&DevFailed> {
        match self {
            Error::DevFailed { failure, .. } => Some(failure),
            Error::MultiDevFailed { failures, .. } => {
                failures.0.first().map(|failed| &failed.failure)
            }
            _ => None,
        }
    }

    pub(crate) fn protocol(
        device: &str,
        operation: impl ToString,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Error {
        let (device, operation) = (device.to_owned(), operation.to_string());
        Error::Protocol {
            device,
            operation,
            source: source.into(),
        }
    }
}
