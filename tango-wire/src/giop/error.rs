use std::io;

use thiserror::Error;

use crate::cdr::CdrError;

/// How much a peer may make us keep in memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The most octets of one message, all its fragments joined. 64 MiB unless changed.
    pub message: usize,
    /// The most fragments of one message. 16384 unless changed.
    pub fragments: usize,
    /// The most messages whose fragments are awaited at a time. 16 unless changed.
    pub unfinished: usize,
}

impl Limits {
    /// The limits unless changed.
    pub(crate) const STANDARD: Limits = Limits {
        message: 64 << 20,
        fragments: 16_384,
        unfinished: 16,
    };
}

impl Default for Limits {
    fn default() -> Limits {
        Limits::STANDARD
    }
}

/// Why a connection no longer carries GIOP messages.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GiopError {
    /// The connection failed.
    #[error("the connection failed")]
    Io(#[from] io::Error),
    /// The peer closed the connection in the middle of a message.
    #[error("the connection was closed in the middle of a message")]
    Truncated,
    /// The octets are not GIOP 1.x.
    #[error("the peer does not speak GIOP 1.x: its message starts with {0:02x?}")]
    NotGiop([u8; 8]),
    /// A message of a kind that GIOP does not know.
    #[error("a message of the unknown kind {0}")]
    UnknownKind(u8),
    /// More than [`Limits`] allow.
    #[error("{what} of {size}, the limit is {limit}")]
    TooLarge {
        /// What was too large.
        what: &'static str,
        /// Its size: octets, or a number of things.
        size: usize,
        /// What is allowed.
        limit: usize,
    },
    /// A fragment of a message that never started.
    #[error("a fragment of a message that never started")]
    StrayFragment,
    /// A message of another kind than the one that was due.
    #[error("a {found:?} message instead of a {expected:?}")]
    Unexpected {
        /// The kind that was due.
        expected: super::MessageKind,
        /// The kind that came.
        found: super::MessageKind,
    },
    /// A message whose content is malformed.
    #[error("a malformed message")]
    Cdr(#[from] CdrError),
}
