//! The connections to one server.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout};

use super::call::CallFailure;
use super::connection::{Connection, WayIn};
use super::dialing::Dialer;
use crate::cdr::Writer;
use crate::giop::Message;

mod idle;
mod pins;

use idle::Idle;
pub(super) use pins::Pin;
use pins::{Pins, Turn};

/// Calls to one server at a time, each with a connection: a thousand subscriptions that are made
/// together, or come back together, must not take all files that a process may open (often 1024).
const CALLS: usize = 256;

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
    /// Where the server listens, the preferred place first.
    ways: Vec<WayIn>,
    dialer: Dialer,
    idle: Mutex<Idle>,
    pins: Pins,
    /// A permit for each further call.
    places: Semaphore,
}

impl Pool {
    pub(super) fn new(ways: Vec<WayIn>, dialer: Dialer) -> Pool {
        Pool {
            ways,
            dialer,
            idle: Mutex::default(),
            pins: Pins::default(),
            places: Semaphore::new(CALLS),
        }
    }

    /// All addresses, for whoever reads an error.
    fn addresses(&self) -> String {
        let places: Vec<_> = self.ways.iter().map(|way| way.place.to_string()).collect();
        places.join(" or ")
    }

    /// True if a connection is kept that may be used again.
    pub(super) fn has_idle(&self) -> bool {
        self.idle().has_any()
    }

    /// Keeps all calls of the object of that key, at the first way in, on one connection: that of
    /// all pinned objects. They run one after another then, in the order in which they came.
    pub(super) fn pin(self: &Arc<Self>, object_key: &[u8]) -> Pin {
        Pin::new(self, object_key)
    }

    /// Runs one call on a connection of its own, or if its object is pinned on the shared one; the
    /// time that it waits for that, or for its place among very many calls, counts as time for the
    /// answer. `object_key` tells what the
    /// object is called at the way in of that number.
    ///
    /// A call is sent again only if the server promised that it was not executed, and only when
    /// the connection was an old one. A call that fails midway, times out or is dropped takes its
    /// connection with it, so that no late answer can meet the next call.
    pub(super) async fn call<'a>(
        &self,
        limits: CallLimits,
        object_key: impl Fn(usize) -> &'a [u8],
        operation: &str,
        arguments: impl Fn(&mut Writer),
    ) -> Result<Message, CallFailure> {
        let mut left = limits.answer;
        let mut turn = None;
        let mut _place = None;
        if self.pins.contain(object_key(0)) {
            let start = Instant::now();
            let waited = timeout(left, self.pins.turn()).await;
            turn = Some(waited.map_err(|_| CallFailure::TimedOut(limits.answer))?);
            left = left.saturating_sub(start.elapsed());
        } else {
            let start = Instant::now();
            let waited = self.place(left).await;
            _place = Some(waited.ok_or(CallFailure::TimedOut(limits.answer))?);
            left = left.saturating_sub(start.elapsed());
        }
        loop {
            let kept = turn.as_mut().and_then(Turn::take);
            let (mut connection, reused) = match kept.or_else(|| self.take()) {
                Some(connection) => (connection, true),
                None => (self.open(limits.connect).await?, false),
            };
            let call = connection.call(object_key(connection.way()), operation, &arguments);
            let start = Instant::now();
            match timeout(left, call).await {
                Ok(Ok(message)) => {
                    match &mut turn {
                        Some(turn) if self.pins.has_any() => turn.put_back(connection),
                        _ => self.put_back(connection),
                    }
                    return Ok(message);
                }
                Ok(Err(CallFailure::Closed {
                    may_have_run: false,
                    ..
                })) if reused => left = left.saturating_sub(start.elapsed()),
                Ok(Err(failure)) => return Err(failure),
                Err(_) => return Err(CallFailure::TimedOut(limits.answer)),
            }
        }
    }

    /// Waits for a place among the calls; none if there is none in time.
    async fn place(&self, limit: Duration) -> Option<SemaphorePermit<'_>> {
        if let Ok(place) = self.places.try_acquire() {
            return Some(place);
        }
        timeout(limit, self.places.acquire()).await.ok()?.ok()
    }

    async fn open(&self, limit: Duration) -> Result<Connection, CallFailure> {
        let opened = Connection::open(&self.dialer, &self.ways, limit).await;
        opened.map_err(|source| CallFailure::Unreachable {
            address: self.addresses(),
            source,
        })
    }

    /// Takes the connection used last, leaving out those that died meanwhile.
    fn take(&self) -> Option<Connection> {
        let under_way = CALLS.saturating_sub(self.places.available_permits());
        self.idle().take(under_way)
    }

    fn put_back(&self, connection: Connection) {
        self.idle().put_back(connection);
    }

    fn idle(&self) -> MutexGuard<'_, Idle> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
