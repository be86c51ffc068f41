//! What can go wrong between two ZeroMQ peers.

use std::{io, time::Duration};

/// Why a ZMTP connection could not be made or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ZmtpError {
    /// The connection could not be opened, or broke.
    #[error("the connection to the ZeroMQ peer failed")]
    Io(#[from] io::Error),
    /// The peer did not finish the handshake in time.
    #[error("the ZeroMQ peer did not finish its handshake within {0:?}")]
    HandshakeTimedOut(Duration),
    /// The peer refused the connection with an ERROR command.
    #[error("the ZeroMQ peer refused the connection: {0}")]
    Refused(String),
    /// The peer does not speak the protocol.
    #[error("not a ZMTP 3 peer: {0}")]
    Protocol(&'static str),
    /// The peer's socket is of a type that does not go with ours.
    #[error("a {ours} socket cannot talk to the peer's {theirs} socket")]
    SocketType {
        /// Our socket's type.
        ours: &'static str,
        /// What the peer said it is.
        theirs: String,
    },
    /// A frame or message is larger than [`Limits`](super::Limits) allow.
    #[error("the peer sent {what} of {size}, the limit is {limit}")]
    TooLarge {
        /// What was too large.
        what: &'static str,
        /// Its announced size: octets, or parts.
        size: u64,
        /// What is allowed.
        limit: u64,
    },
    /// So many commands wait to be written that the peer must have stopped reading.
    #[error("the ZeroMQ peer does not read our commands; connect again")]
    Congested,
    /// The connection is closed.
    #[error("the connection to the ZeroMQ peer is closed")]
    Closed,
}
