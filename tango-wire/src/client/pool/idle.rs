//! The connections to a server that are not in use.

use std::time::Duration;

use tokio::time::Instant;

use crate::client::connection::Connection;

/// Servers close connections that were idle for 175 to 180 s; we do so before.
const IDLE_LIMIT: Duration = Duration::from_secs(150);
/// So many are kept in any case; more than these only as long as so many were in use lately.
const ALWAYS: usize = 16;
/// How long lately is.
const LATELY: Duration = Duration::from_secs(1);

/// The connections to a server that are not in use. There are as many of them as were in use lately: callers
/// that all pause together for a moment must not open them anew for each call.
#[derive(Debug)]
pub(super) struct Idle {
    /// The one used last is at the end, and used first.
    connections: Vec<Connection>,
    busy: Busy,
}

/// How many were in use at most, in this second and in the one before.
#[derive(Debug)]
struct Busy {
    since: Instant,
    now: usize,
    before: usize,
}

impl Default for Idle {
    fn default() -> Self {
        Idle {
            connections: Vec::new(),
            busy: Busy {
                since: Instant::now(),
                now: 0,
                before: 0,
            },
        }
    }
}

impl Idle {
    /// True if a connection is kept that may be used again.
    pub(super) fn has_any(&mut self) -> bool {
        self.connections
            .retain(|connection| connection.idle_for() < IDLE_LIMIT);
        !self.connections.is_empty()
    }

    /// Takes the connection used last, leaving out those that died meanwhile, for one of so many calls
    /// that are under way.
    pub(super) fn take(&mut self, under_way: usize) -> Option<Connection> {
        self.busy.note(under_way);
        while let Some(connection) = self.connections.pop() {
            if connection.idle_for() < IDLE_LIMIT && connection.is_usable() {
                return Some(connection);
            }
        }
        None
    }

    pub(super) fn put_back(&mut self, connection: Connection) {
        if self.connections.len() < self.busy.lately().max(ALWAYS) {
            self.connections.push(connection);
        }
        // the oldest is in front: let it go when its time is over, or so many are not needed any more
        let most = self.busy.lately().max(ALWAYS);
        let is_over = |oldest: &Connection| oldest.idle_for() >= IDLE_LIMIT;
        if self.connections.len() > most || self.connections.first().is_some_and(is_over) {
            self.connections.remove(0);
        }
    }
}

impl Busy {
    fn note(&mut self, under_way: usize) {
        self.turn();
        self.now = self.now.max(under_way);
    }

    fn lately(&mut self) -> usize {
        self.turn();
        self.now.max(self.before)
    }

    fn turn(&mut self) {
        let passed = self.since.elapsed();
        if passed < LATELY {
            return;
        }
        // of what was longer ago nothing counts
        self.before = if passed < 2 * LATELY { self.now } else { 0 };
        self.now = 0;
        self.since += LATELY * u32::try_from(passed.as_secs()).unwrap_or(u32::MAX);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn what_was_in_use_counts_for_a_second_or_two() {
        let mut busy = Idle::default().busy;
        busy.note(100);
        busy.note(3);
        advance(Duration::from_millis(1500)).await;
        assert_eq!(busy.lately(), 100);
        busy.note(7);
        advance(Duration::from_millis(600)).await;
        assert_eq!(busy.lately(), 7);
        advance(Duration::from_secs(60)).await;
        assert_eq!(busy.lately(), 0);
    }
}
