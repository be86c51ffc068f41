//! One call: what it is named, and how it can fail.

use std::fmt;
use std::io;
use std::time::Duration;

use crate::cdr::CdrError;
use crate::error::Error;
use crate::giop::{GiopError, SystemException};
use crate::types::{DevFailed, MultiDevFailed};

/// The name of a call: for the server, and in words for whoever reads an error.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Call<'a> {
    /// The operation of the interface: "command_inout_4".
    pub(crate) operation: &'static str,
    verb: &'static str,
    subject: &'a str,
}

impl<'a> Call<'a> {
    /// A call that is the same on every device.
    pub(crate) fn plain(operation: &'static str, words: &'static str) -> Call<'static> {
        Call {
            operation,
            verb: words,
            subject: "",
        }
    }

    /// A call about a command or attribute.
    pub(crate) fn about(operation: &'static str, verb: &'static str, subject: &'a str) -> Call<'a> {
        Call {
            operation,
            verb,
            subject,
        }
    }
}

impl fmt::Display for Call<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.verb)?;
        if self.subject.is_empty() {
            Ok(())
        } else {
            write!(formatter, " {}", self.subject)
        }
    }
}

/// How a call failed, before it is known whose call it was.
#[derive(Debug)]
pub(super) enum CallFailure {
    /// The arguments can't be sent. Nothing was.
    Unsendable(CdrError),
    /// No connection. Nothing was sent.
    Unreachable { address: String, source: io::Error },
    /// No answer in time.
    TimedOut(Duration),
    /// The connection ended before the answer.
    Closed {
        may_have_run: bool,
        source: Option<io::Error>,
    },
    /// What came is not GIOP, or not what was due.
    Protocol(GiopError),
    /// `DevFailed`.
    Refused(DevFailed),
    /// `MultiDevFailed`.
    PartlyRefused(MultiDevFailed),
    /// An exception that the Tango interface does not have.
    UnknownException(String),
    /// An exception of CORBA.
    System(SystemException),
    /// Forwarded from one server to the next without end.
    Forwarded,
}

impl CallFailure {
    /// True if the call was surely not executed and the object may be elsewhere by now: its
    /// server was started again.
    pub(super) fn is_outdated_target(&self) -> bool {
        match self {
            CallFailure::Unreachable { .. } => true,
            CallFailure::System(exception) => exception.is_object_gone(),
            _ => false,
        }
    }

    pub(super) fn into_error(self, device: &str, call: &Call<'_>) -> Error {
        let (device, operation) = (device.to_owned(), call.to_string());
        match self {
            CallFailure::Unsendable(source) => Error::Argument {
                device,
                operation,
                source,
            },
            CallFailure::Unreachable { address, source } => Error::Unreachable {
                address: format!("{address} ({device})"),
                source,
            },
            CallFailure::TimedOut(after) => Error::TimedOut {
                device,
                operation,
                after,
            },
            CallFailure::Closed {
                may_have_run,
                source,
            } => Error::Closed {
                device,
                operation,
                may_have_run,
                source,
            },
            CallFailure::Protocol(source) => Error::Protocol {
                device,
                operation,
                source: source.into(),
            },
            CallFailure::Refused(failure) => Error::DevFailed {
                device,
                operation,
                failure,
            },
            CallFailure::PartlyRefused(failures) => Error::MultiDevFailed {
                device,
                operation,
                failures,
            },
            CallFailure::UnknownException(id) => {
                Error::protocol(&device, operation, format!("the unknown exception {id}"))
            }
            CallFailure::System(exception) => Error::System {
                device,
                operation,
                exception,
            },
            CallFailure::Forwarded => {
                let reason = "the call was forwarded from server to server without end";
                Error::protocol(&device, operation, reason)
            }
        }
    }
}

impl From<GiopError> for CallFailure {
    fn from(error: GiopError) -> CallFailure {
        match error {
            GiopError::Io(source) => CallFailure::Closed {
                may_have_run: true,
                source: Some(source),
            },
            GiopError::Truncated => CallFailure::Closed {
                may_have_run: true,
                source: None,
            },
            other => CallFailure::Protocol(other),
        }
    }
}

impl From<CdrError> for CallFailure {
    fn from(error: CdrError) -> CallFailure {
        CallFailure::Protocol(GiopError::Cdr(error))
    }
}
