//! What is known of a connection.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use crate::condition::Ending;
use crate::counters::FlowCounts;

/// Which connection it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct ConnectionIdentity {
    /// The how manieth of its gate it is; the first is 1.
    pub ordinal: u64,
    /// Where the client connected from.
    pub client: SocketAddr,
}

impl ConnectionIdentity {
    pub(crate) const fn new(ordinal: u64, client: SocketAddr) -> ConnectionIdentity {
        ConnectionIdentity { ordinal, client }
    }
}

impl fmt::Display for ConnectionIdentity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "connection {} from {}",
            self.ordinal, self.client
        )
    }
}

/// One of the two sides of a gate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Side {
    /// The client, which connected to the gate.
    Client,
    /// What is behind the gate, which it connected to.
    Upstream,
}

impl fmt::Display for Side {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Side::Client => "the client",
            Side::Upstream => "the upstream",
        })
    }
}

/// How a connection came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Closed {
    /// Both sides ended their streams in good order.
    Ended,
    /// A side reset it, and so the gate reset it for the other side.
    ResetBy(Side),
    /// A condition closed it.
    ByCondition(Ending),
    /// The gate was told to close it, or was closed.
    ByGate(Ending),
}

impl fmt::Display for Closed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let past = |ending: &Ending| match ending {
            Ending::Fin => "closed",
            Ending::Reset => "reset",
        };
        match self {
            Closed::Ended => formatter.write_str("ended by both sides"),
            Closed::ResetBy(side) => write!(formatter, "reset by {side}"),
            Closed::ByCondition(ending) => write!(formatter, "{} by a condition", past(ending)),
            Closed::ByGate(ending) => write!(formatter, "{} by the gate", past(ending)),
        }
    }
}

/// What is known of a connection: which it is, what has passed, and how it ended.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ConnectionSummary {
    /// Which it is.
    pub identity: ConnectionIdentity,
    /// What the client sent.
    pub requests: FlowCounts,
    /// What the client was sent.
    pub replies: FlowCounts,
    /// For how long it has been open, or was.
    pub open_for: Duration,
    /// How it ended; nothing as long as it is open.
    pub closed: Option<Closed>,
}

impl fmt::Display for ConnectionSummary {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ConnectionSummary {
            identity,
            requests,
            replies,
            ..
        } = self;
        write!(
            formatter,
            "{identity}: requests {requests}; replies {replies}; "
        )?;
        match &self.closed {
            Some(closed) => closed.fmt(formatter),
            None => formatter.write_str("open"),
        }
    }
}
