//! Why the control over HTTP could not start.

use std::io;

use harness_core::admission::InvalidToken;
use thiserror::Error;

/// Why the control over HTTP could not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum HttpError {
    /// The address could not be bound.
    #[error("HTTP cannot be served on {address}")]
    Bind {
        /// The address that was asked for.
        address: String,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// A token that no client could send.
    #[error(transparent)]
    Token(#[from] InvalidToken),
}
