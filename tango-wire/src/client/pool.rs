//! The connections to one server.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::address::HostPort;
use super::call::CallFailure;
use super::connection::Connection;
use crate::cdr::Writer;
use crate::giop::{Message, Version};

/// Servers close connections that were idle for 175 to 180 s; we do so before.
const IDLE_LIMIT: Duration = Duration::from_secs(150);
/// More idle connections than this are closed at once.
const IDLE_CONNECTIONS: usize = 16;

/// How long a call may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct CallLimits {
    /// To open a connection, if one is needed.
    pub(super) connect: Duration,
    /// To send the request and get the answer.
    pub(super) answer: Duration,
}

/// Connections to one server, each with one call at a time.
#[derive(Debug)]
pub(super) struct Pool {
    /// Where the server listens, the preferred address first.
    places: Vec<HostPort>,
    version: Version,
    /// The one used last is at the end, and used first.
    idle: Mutex<Vec<Connection>>,
}

impl Pool {
    pub(super) fn new(places: Vec<HostPort>, version: Version) -> Pool {
        // 1.1 offers nothing that 1.0 has not, and is never written
        let version = if version == Version::V1_1 {
            Version::V1_0
        } else {
            version
        };
        Pool {
            places,
            version,
            idle: Mutex::default(),
        }
    }

    /// The preferred address.
    pub(super) fn address(&self) -> String {
        self.places
            .first()
            .map(HostPort::to_string)
            .unwrap_or_default()
    }

    /// True if a connection is kept that may be used again.
    pub(super) fn has_idle(&self) -> bool {
        let mut idle = self.idle();
        idle.retain(|connection| connection.idle_for() < IDLE_LIMIT);
        !idle.is_empty()
    }

    /// Runs one call on a connection of its own.
    ///
    /// A call is sent again only if the server promised that it was not executed, and only when
    /// the connection was an old one. A call that fails midway, times out or is dropped takes its
    /// connection with it, so that no late answer can meet the next call.
    pub(super) async fn call(
        &self,
        limits: CallLimits,
        object_key: &[u8],
        operation: &str,
        arguments: impl Fn(&mut Writer),
    ) -> Result<Message, CallFailure> {
        loop {
            let (mut connection, reused) = match self.take() {
                Some(connection) => (connection, true),
                None => (self.open(limits.connect).await?, false),
            };
            let call = connection.call(object_key, operation, &arguments);
            match tokio::time::timeout(limits.answer, call).await {
                Ok(Ok(message)) => {
                    self.put_back(connection);
                    return Ok(message);
                }
                Ok(Err(CallFailure::Closed {
                    may_have_run: false,
                    ..
                })) if reused => {}
                Ok(Err(failure)) => return Err(failure),
                Err(_) => return Err(CallFailure::TimedOut(limits.answer)),
            }
        }
    }

    async fn open(&self, limit: Duration) -> Result<Connection, CallFailure> {
        let opened = Connection::open(&self.places, self.version, limit).await;
        opened.map_err(|source| CallFailure::Unreachable {
            address: self.address(),
            source,
        })
    }

    /// Takes the connection used last, leaving out those that died meanwhile.
    fn take(&self) -> Option<Connection> {
        let mut idle = self.idle();
        while let Some(connection) = idle.pop() {
            if connection.idle_for() < IDLE_LIMIT && connection.is_usable() {
                return Some(connection);
            }
        }
        None
    }

    fn put_back(&self, connection: Connection) {
        let mut idle = self.idle();
        if idle.len() < IDLE_CONNECTIONS {
            idle.push(connection);
        }
        // the oldest is in front: let it go when its time is over
        if idle
            .first()
            .is_some_and(|oldest| oldest.idle_for() >= IDLE_LIMIT)
        {
            idle.remove(0);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
