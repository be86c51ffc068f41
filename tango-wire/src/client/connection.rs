//! One TCP connection with one call at a time.

use std::io;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::Instant;

use super::address::HostPort;
use super::call::CallFailure;
use super::dialing::Dialer;
use crate::cdr::Writer;
use crate::giop::{
    GiopError, Limits, Message, MessageKind, MessageReader, Reply, RequestHead, Version,
    write_request,
};

/// One of the places where a server listens.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct WayIn {
    pub(super) place: HostPort,
    /// The version of GIOP spoken there.
    pub(super) version: Version,
}

impl WayIn {
    pub(super) fn new(place: HostPort, version: Version) -> WayIn {
        // 1.1 offers nothing that 1.0 has not, and is never written
        let version = if version == Version::V1_1 {
            Version::V1_0
        } else {
            version
        };
        WayIn { place, version }
    }
}

/// A connection. A call that is dropped midway leaves it with an answer to come: the caller must
/// drop it then, which owning it for the time of the call does by itself.
#[derive(Debug)]
pub(super) struct Connection {
    messages: MessageReader<TcpStream>,
    way: usize,
    version: Version,
    last_id: u32,
    last_used: Instant,
}

impl Connection {
    /// Connects to one of a server's ways in, as [`Dialer::dial`] does.
    pub(super) async fn open(
        dialer: &Dialer,
        ways: &[WayIn],
        limit: Duration,
    ) -> io::Result<Connection> {
        let places: Vec<&HostPort> = ways.iter().map(|way| &way.place).collect();
        let (way, stream) = dialer.dial(&places, limit).await?;
        stream.set_nodelay(true)?;
        Ok(Connection {
            messages: MessageReader::new(stream, Limits::default()),
            way,
            version: ways.get(way).map_or(Version::V1_0, |way| way.version),
            last_id: 0,
            last_used: Instant::now(),
        })
    }

    /// The number of the way in that it took.
    pub(super) fn way(&self) -> usize {
        self.way
    }

    /// Time since the last call.
    pub(super) fn idle_for(&self) -> Duration {
        self.last_used.elapsed()
    }

    /// False if the server has closed the connection since the last call, or sent what nobody
    /// asked for. Costs no system call while nothing has arrived.
    pub(super) fn is_usable(&self) -> bool {
        let silent = match self.messages.source().try_read(&mut [0]) {
            Ok(_) => false,
            Err(error) => error.kind() == io::ErrorKind::WouldBlock,
        };
        silent && !self.messages.has_unread()
    }

    /// Sends a request and waits for its reply.
    pub(super) async fn call(
        &mut self,
        object_key: &[u8],
        operation: &str,
        arguments: impl FnOnce(&mut Writer),
    ) -> Result<Message, CallFailure> {
        // the character set is announced with the first request of a connection, and not again
        let announce_code_sets = self.last_id == 0;
        self.last_id = self.last_id.wrapping_add(1).max(1);
        let id = self.last_id;
        let head = RequestHead {
            version: self.version,
            id,
            object_key,
            operation,
            announce_code_sets,
        };
        let octets = write_request(&head, arguments).map_err(CallFailure::Unsendable)?;
        if let Err(error) = self.messages.source_mut().write_all(&octets).await {
            // not all of it left, so it can't have been executed
            return Err(CallFailure::Closed {
                may_have_run: false,
                source: Some(error),
            });
        }
        let closed = |may_have_run| CallFailure::Closed {
            may_have_run,
            source: None,
        };
        let message = self.messages.next().await?.ok_or_else(|| closed(true))?;
        match message.kind() {
            MessageKind::Reply => {}
            // promises that no request without a reply was executed
            MessageKind::CloseConnection => return Err(closed(false)),
            found => {
                let expected = MessageKind::Reply;
                return Err(GiopError::Unexpected { expected, found }.into());
            }
        }
        if Reply::read(&message)?.id != id {
            // with one call at a time this is nobody's late answer
            let expected = MessageKind::Reply;
            return Err(GiopError::Unexpected {
                expected,
                found: MessageKind::Reply,
            }
            .into());
        }
        self.last_used = Instant::now();
        Ok(message)
    }
}
