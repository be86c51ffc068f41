//! What happened to an instance, in order.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

/// Why a state was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The transition ends at once.
    Immediate,
    /// So much time had passed.
    Time(Duration),
    /// The state had been read so many times.
    Reads(u32),
    /// Somebody released what was held.
    Released,
    /// A command.
    Command(String),
    /// A tester put the instance into the state.
    Injected,
}

impl fmt::Display for Cause {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Immediate => formatter.write_str("immediate"),
            Cause::Time(time) => write!(formatter, "{time:?} passed"),
            Cause::Reads(1) => formatter.write_str("1 read"),
            Cause::Reads(reads) => write!(formatter, "{reads} reads"),
            Cause::Released => formatter.write_str("released"),
            Cause::Command(command) => write!(formatter, "command {command}"),
            Cause::Injected => formatter.write_str("injected"),
        }
    }
}

/// One change of the state of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Its number, from 1, without gaps.
    pub number: u64,
    /// The moment as of which it took place.
    pub at: Instant,
    /// The state that was left.
    pub from: Arc<str>,
    /// The state that was entered.
    pub to: Arc<str>,
    /// Why.
    pub cause: Cause,
}

impl Hop {
    /// As JSON, with the seconds from a moment on; zero if it was before.
    #[must_use]
    pub fn to_json(&self, from: Instant) -> serde_json::Value {
        serde_json::json!({
            "number": self.number,
            "seconds": self.at.saturating_duration_since(from).as_secs_f64(),
            "from": &*self.from,
            "to": &*self.to,
            "cause": self.cause.to_string(),
        })
    }
}

impl fmt::Display for Hop {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}: {} -> {} ({})",
            self.number, self.from, self.to, self.cause
        )
    }
}

/// How many hops of an instance are kept; older ones are let go.
const KEPT: usize = 1_000;

/// The last hops of an instance.
#[derive(Debug)]
pub(super) struct History {
    hops: Mutex<VecDeque<Hop>>,
    given: watch::Sender<u64>,
}

impl History {
    pub(super) fn new() -> History {
        History {
            hops: Mutex::default(),
            given: watch::Sender::new(0),
        }
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<Hop>> {
        // a panic elsewhere has left whole hops
        self.hops.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn record(&self, at: Instant, from: Arc<str>, to: Arc<str>, cause: Cause) -> Hop {
        let mut hops = self.lock();
        let hop = Hop {
            number: *self.given.borrow() + 1,
            at,
            from,
            to,
            cause,
        };
        if hops.len() == KEPT {
            hops.pop_front();
        }
        hops.push_back(hop.clone());
        self.given.send_replace(hop.number);
        hop
    }

    pub(super) fn all(&self) -> Vec<Hop> {
        self.lock().iter().cloned().collect()
    }

    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    fn first_after(&self, number: u64) -> Option<Hop> {
        let hops = self.lock();
        let index = hops.partition_point(|hop| hop.number <= number);
        hops.get(index).cloned()
    }
}

/// The hops of an instance from a moment on, in order. Nobody has to poll for them.
#[derive(Debug)]
pub struct Hops {
    history: Arc<History>,
    given: watch::Receiver<u64>,
    seen: u64,
}

impl Hops {
    pub(super) fn of(history: Arc<History>) -> Hops {
        let given = history.given.subscribe();
        let seen = *given.borrow();
        Hops {
            history,
            given,
            seen,
        }
    }

    /// The next hop, if it has been made already. A jump in the numbers says that so many hops
    /// came meanwhile that the oldest were let go.
    pub fn next_made(&mut self) -> Option<Hop> {
        let hop = self.history.first_after(self.seen)?;
        self.seen = hop.number;
        Some(hop)
    }

    /// Waits for the next hop. It only waits: a hop that time brings about is made by whoever
    /// looks after the instance.
    ///
    /// Cancel safe: a hop that was not returned is returned by the next call.
    pub async fn next(&mut self) -> Hop {
        loop {
            self.given.mark_unchanged();
            if let Some(hop) = self.next_made() {
                return hop;
            }
            if self.given.changed().await.is_err() {
                // not before the history is gone, which is held here
                std::future::pending::<()>().await;
            }
        }
    }
}
