//! Why a subscription could not be made.

use std::io;

use crate::{error::Error, zmtp::ZmtpError};

/// A subscription could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SubscribeError {
    /// The device could not be asked, or said no.
    #[error("no subscription to {attribute}")]
    Call {
        /// Device and attribute.
        attribute: String,
        /// What it said, or what went wrong on the way.
        #[source]
        source: Error,
    },
    /// The answer of the server's admin device cannot be understood.
    #[error("the server's answer to a subscription makes no sense: {0}")]
    Reply(&'static str),
    /// The place that the server named for its events cannot be connected to.
    #[error(
        "no connection to {endpoint}, where the server says its events are; can this machine \
         reach that address?"
    )]
    Connect {
        /// The endpoint, as the server named it.
        endpoint: String,
        /// Why not.
        #[source]
        source: ZmtpError,
    },
    /// The event connection ended while the subscription was being made.
    #[error("the event connection ended while subscribing: {reason}")]
    Ended {
        /// What was noticed.
        reason: String,
    },
}

impl SubscribeError {
    /// The same failure, for another one whom it concerns.
    pub(super) fn again(&self) -> Self {
        match self {
            Self::Connect { endpoint, source } => {
                let failed = match source {
                    ZmtpError::Io(source) => io::Error::new(source.kind(), source.to_string()),
                    other => io::Error::other(other.to_string()),
                };
                Self::Connect {
                    endpoint: endpoint.clone(),
                    source: ZmtpError::Io(failed),
                }
            }
            other => Self::Ended {
                reason: other.to_string(),
            },
        }
    }
}
