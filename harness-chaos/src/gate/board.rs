//! What all parts of a gate share.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

use super::roll::{Entry, InForce, Roll};
use crate::arrival::Arrival;
use crate::condition::Ending;
use crate::connection::{Closed, ConnectionIdentity, ConnectionSummary, Course, Direction, Order};
use crate::counters::{FlowCounts, Gauge, Meter};
use crate::seed::Seed;
use crate::stage::{Chain, StageId};

/// What all parts of a gate share: which conditions are in force, which connections there are, and what
/// has been counted.
///
/// The lock is held for bookkeeping only: so a condition begins for all connections at once, and one
/// that opens meanwhile gets it too.
#[derive(Debug)]
pub(crate) struct Board {
    pub(crate) seed: Seed,
    roll: Mutex<Roll>,
    gauges: [Arc<Gauge>; 2],
    changes: watch::Sender<()>,
}

impl Board {
    pub(crate) fn new(seed: Seed) -> Board {
        Board {
            seed,
            roll: Mutex::default(),
            gauges: [Arc::default(), Arc::default()],
            changes: watch::Sender::new(()),
        }
    }

    fn with_roll<T>(&self, act: impl FnOnce(&mut Roll) -> T) -> T {
        act(&mut self.roll.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn gauge(&self, direction: Direction) -> &Arc<Gauge> {
        let [requests, replies] = &self.gauges;
        match direction {
            Direction::Requests => requests,
            Direction::Replies => replies,
        }
    }

    pub(crate) fn counts(&self, direction: Direction) -> FlowCounts {
        self.gauge(direction).counts()
    }

    /// A receiver that is told when a connection opens or closes, or fails to.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// A number that no condition has had.
    pub(crate) fn next_id(&self) -> StageId {
        self.with_roll(Roll::next_id)
    }

    /// Begins a condition, for connections that are open and for later ones.
    pub(crate) fn begin(&self, mut condition: InForce) -> StageId {
        self.with_roll(|roll| {
            let id = roll.next_id();
            condition.number_kind(roll);
            let now = Instant::now();
            for entry in roll.open.values() {
                for direction in Direction::BOTH {
                    if let Some(stage) = condition.stage(self.seed, entry, direction, now) {
                        // one that is just ending does not need it any more
                        let _ = entry.orders.send(Order::Begin {
                            direction,
                            id,
                            stage,
                        });
                    }
                }
            }
            roll.in_force.push((id, condition));
            id
        })
    }

    /// Puts a condition in the place of another one, if that is in force.
    pub(crate) fn replace(&self, id: StageId, mut condition: InForce) {
        self.with_roll(|roll| {
            let Some(place) = roll.in_force.iter().position(|(other, _)| *other == id) else {
                return;
            };
            let before = roll.in_force.get(place).map(|(_, before)| before.clone());
            if !before.is_some_and(|before| condition.number_as(&before)) {
                condition.number_kind(roll);
            }
            let now = Instant::now();
            for entry in roll.open.values() {
                for direction in Direction::BOTH {
                    // one that is just ending does not need it any more
                    let _ = entry.orders.send(Order::Replace {
                        direction,
                        id,
                        stage: condition.stage(self.seed, entry, direction, now),
                    });
                }
            }
            if let Some((_, there)) = roll.in_force.get_mut(place) {
                *there = condition;
            }
        });
    }

    /// Ends a condition, if it is in force.
    pub(crate) fn end(&self, id: StageId) {
        self.with_roll(|roll| {
            let before = roll.in_force.len();
            roll.in_force.retain(|(other, _)| *other != id);
            if roll.in_force.len() < before {
                roll.order_all(|| Order::End(id));
            }
            roll.calm();
        });
    }

    /// Ends all conditions, and forgets how many there have been.
    pub(crate) fn end_all(&self) {
        self.with_roll(|roll| {
            for (id, _) in std::mem::take(&mut roll.in_force) {
                roll.order_all(|| Order::End(id));
            }
            roll.arrivals.clear();
            roll.kinds.clear();
            roll.calm();
        });
    }

    /// Begins with what is drawn anew.
    pub(crate) fn draw_anew(&self) {
        self.with_roll(Roll::draw_anew);
    }

    /// When the last fault ended; nothing, when there is one or was none.
    pub(crate) fn calm_since(&self) -> Option<Instant> {
        self.with_roll(|roll| roll.calm_since.filter(|_| roll.is_calm()))
    }

    /// New connections are met like this from now on.
    pub(crate) fn arrivals_begin(&self, id: u64, arrival: Arrival) {
        self.with_roll(|roll| roll.arrivals.push((id, arrival)));
    }

    /// They are met like this no longer.
    pub(crate) fn arrivals_end(&self, id: u64) {
        self.with_roll(|roll| {
            roll.arrivals.retain(|(other, _)| *other != id);
            roll.calm();
        });
    }

    /// Somebody listens again.
    pub(crate) fn calm_now(&self) {
        self.with_roll(Roll::calm);
    }

    /// What is said of each fault there is.
    pub(crate) fn in_force(&self) -> Vec<String> {
        self.with_roll(|roll| {
            let conditions = roll.in_force.iter();
            let conditions = conditions.map(|(_, it)| it.describe(Some(self.seed)));
            let arrivals = roll.arrivals.iter();
            let arrivals = arrivals.map(|(_, arrival)| arrival.sentence());
            conditions.chain(arrivals).collect()
        })
    }

    /// The next connection that has arrived.
    pub(crate) fn arrives(&self, client: SocketAddr) -> ConnectionIdentity {
        self.with_roll(|roll| ConnectionIdentity::new(roll.next_ordinal(), client))
    }

    /// A connection is open: with what it begins. Nothing, when none may be any more.
    pub(crate) fn opens(&self, identity: ConnectionIdentity) -> Option<Course> {
        let (sender, orders) = mpsc::unbounded_channel();
        let chains = self.with_roll(|roll| {
            if roll.closed {
                return None;
            }
            let entry = Entry::new(identity, roll.place(identity), sender);
            let mut chains = (Chain::default(), Chain::default());
            for (id, condition) in &roll.in_force {
                let requests = (Direction::Requests, &mut chains.0);
                for (direction, chain) in [requests, (Direction::Replies, &mut chains.1)] {
                    let stage = condition.stage(self.seed, &entry, direction, entry.opened);
                    if let Some(stage) = stage {
                        chain.add(*id, stage);
                    }
                }
            }
            let meter = |direction| Meter {
                connection: Arc::clone(entry.flow(direction)),
                gate: Arc::clone(self.gauge(direction)),
            };
            let meters = (meter(Direction::Requests), meter(Direction::Replies));
            roll.open.insert(identity.ordinal, entry);
            Some((chains, meters))
        });
        let (chains, meters) = chains?;
        self.changes.send_replace(());
        Some(Course {
            orders,
            requests: (chains.0, meters.0),
            replies: (chains.1, meters.1),
        })
    }

    /// A connection has ended.
    pub(crate) fn ends(&self, identity: ConnectionIdentity, closed: Closed) {
        self.with_roll(|roll| roll.finish(identity.ordinal, closed));
        self.changes.send_replace(());
    }

    /// A connection arrived that could not be made upstream.
    pub(crate) fn fails(&self) {
        self.with_roll(|roll| roll.unreachable += 1);
        self.changes.send_replace(());
    }

    pub(crate) fn connections_count(&self) -> usize {
        self.with_roll(|roll| roll.open.len())
    }

    pub(crate) fn unreachable_count(&self) -> u64 {
        self.with_roll(|roll| roll.unreachable)
    }

    pub(crate) fn opened_count(&self) -> u64 {
        self.with_roll(|roll| roll.open.len() as u64 + roll.finished_count)
    }

    /// Those that are open, the oldest first.
    pub(crate) fn connections(&self) -> Vec<ConnectionSummary> {
        self.with_roll(|roll| roll.open.values().map(Entry::summary).collect())
    }

    /// Those that have ended, the first to end first.
    pub(crate) fn finished(&self) -> Vec<ConnectionSummary> {
        self.with_roll(|roll| roll.finished.iter().copied().collect())
    }

    /// Closes the open connections that are chosen, and says how many they are.
    pub(crate) fn close(
        &self,
        ending: Ending,
        mut chosen: impl FnMut(&ConnectionIdentity) -> bool,
    ) -> Vec<u64> {
        self.with_roll(|roll| {
            let mut closing = Vec::new();
            for (ordinal, entry) in &roll.open {
                if chosen(&entry.identity) {
                    // one that is just ending needs no order
                    let _ = entry.orders.send(Order::Close(ending));
                    closing.push(*ordinal);
                }
            }
            closing
        })
    }

    /// Whether one of these is still open.
    pub(crate) fn is_any_open(&self, ordinals: &[u64]) -> bool {
        self.with_roll(|roll| ordinals.iter().any(|it| roll.open.contains_key(it)))
    }

    /// From now on no connection opens.
    pub(crate) fn shut(&self) {
        self.with_roll(|roll| roll.closed = true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_that_is_made_too_late_is_not_opened() {
        let board = Board::new(Seed::new(7));
        let identity = board.arrives(([127, 0, 0, 1], 1).into());
        assert!(board.opens(identity).is_some());
        let late = board.arrives(([127, 0, 0, 1], 2).into());
        assert_eq!((identity.ordinal, late.ordinal), (1, 2));
        board.shut();
        assert!(board.opens(late).is_none());
        assert_eq!(board.connections_count(), 1);
    }
}
