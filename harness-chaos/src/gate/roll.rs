//! The books of a gate: what is in force, and which connections there are.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::fmt;
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;
use tokio::time::Instant;

use super::effect::Effect;
use crate::arrival::Arrival;
use crate::condition::Condition;
use crate::connection::{Closed, ConnectionIdentity, ConnectionSummary, Direction, Order};
use crate::counters::Flow;
use crate::seed::{Draws, Seed};
use crate::stage::{Setting, Stage, StageId};

/// So many connections that have ended are remembered.
const REMEMBERED: usize = 1000;

/// The books of a gate.
#[derive(Debug, Default)]
pub(super) struct Roll {
    pub(super) in_force: Vec<(StageId, InForce)>,
    /// How new connections are met; what began last goes before.
    pub(super) arrivals: Vec<(u64, Arrival)>,
    pub(super) open: BTreeMap<u64, Entry>,
    pub(super) finished: VecDeque<ConnectionSummary>,
    pub(super) finished_count: u64,
    pub(super) unreachable: u64,
    pub(super) closed: bool,
    pub(super) calm_since: Option<Instant>,
    /// How many conditions of each kind have begun; what they draw depends on it.
    pub(super) kinds: HashMap<&'static str, u64>,
    ids: u64,
    ordinals: u64,
    /// The last connection that does not count for what is drawn.
    drawn_from: u64,
}

impl Roll {
    pub(super) fn next_id(&mut self) -> StageId {
        self.ids += 1;
        StageId(self.ids)
    }

    pub(super) fn next_ordinal(&mut self) -> u64 {
        self.ordinals += 1;
        self.ordinals
    }

    /// Which connection it is, for what is drawn.
    pub(super) const fn place(&self, identity: ConnectionIdentity) -> u64 {
        identity.ordinal.saturating_sub(self.drawn_from)
    }

    /// What is drawn from now on is what would be drawn if the gate had just been opened, with the
    /// connections that are open.
    pub(super) fn draw_anew(&mut self) {
        self.kinds.clear();
        let mut places = 0;
        for entry in self.open.values_mut() {
            places += 1;
            entry.place = places;
        }
        self.drawn_from = self.ordinals.saturating_sub(places);
    }

    /// Something has ended.
    pub(super) fn calm(&mut self) {
        self.calm_since = Some(Instant::now());
    }

    pub(super) fn is_calm(&self) -> bool {
        self.in_force.is_empty() && self.arrivals.is_empty()
    }

    pub(super) fn order_all(&self, order: impl Fn() -> Order) {
        for entry in self.open.values() {
            // one that is just ending needs no order
            let _ = entry.orders.send(order());
        }
    }

    pub(super) fn finish(&mut self, ordinal: u64, closed: Closed) {
        let Some(entry) = self.open.remove(&ordinal) else {
            return;
        };
        if self.finished.len() >= REMEMBERED {
            self.finished.pop_front();
        }
        let mut summary = entry.summary();
        summary.closed = Some(closed);
        self.finished.push_back(summary);
        self.finished_count += 1;
    }
}

/// A connection that is open.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) identity: ConnectionIdentity,
    pub(super) orders: UnboundedSender<Order>,
    pub(super) opened: Instant,
    /// Which one it is, for what is drawn.
    place: u64,
    requests: Arc<Flow>,
    replies: Arc<Flow>,
}

impl Entry {
    pub(super) fn new(
        identity: ConnectionIdentity,
        place: u64,
        orders: UnboundedSender<Order>,
    ) -> Entry {
        Entry {
            place,
            identity,
            orders,
            opened: Instant::now(),
            requests: Arc::default(),
            replies: Arc::default(),
        }
    }

    pub(super) const fn flow(&self, direction: Direction) -> &Arc<Flow> {
        match direction {
            Direction::Requests => &self.requests,
            Direction::Replies => &self.replies,
        }
    }

    pub(super) fn summary(&self) -> ConnectionSummary {
        ConnectionSummary {
            identity: self.identity,
            requests: self.requests.counts(),
            replies: self.replies.counts(),
            open_for: self.opened.elapsed(),
            closed: None,
        }
    }
}

/// Chooses connections.
pub(super) type Selector = Arc<dyn Fn(&ConnectionIdentity) -> bool + Send + Sync>;

/// A condition that is in force, and where.
#[derive(Clone)]
pub(crate) struct InForce {
    pub(super) condition: Effect,
    pub(super) directions: &'static [Direction],
    pub(super) probability: f64,
    pub(super) selector: Option<Selector>,
    pub(super) nth_of_kind: u64,
}

impl InForce {
    /// Makes it the next of its kind.
    pub(super) fn number_kind(&mut self, roll: &mut Roll) {
        let count = roll.kinds.entry(self.condition.kind()).or_default();
        self.nth_of_kind = *count;
        *count += 1;
    }

    /// Makes it take the number of one in whose place it comes, if that is of its kind.
    pub(super) fn number_as(&mut self, before: &InForce) -> bool {
        let same = self.condition.kind() == before.condition.kind();
        if same {
            self.nth_of_kind = before.nth_of_kind;
        }
        same
    }

    /// What it does on this connection in this direction, if it concerns it.
    pub(super) fn stage(
        &self,
        seed: Seed,
        entry: &Entry,
        direction: Direction,
        now: Instant,
    ) -> Option<Box<dyn Stage>> {
        if !self.directions.contains(&direction) {
            return None;
        }
        if self
            .selector
            .as_ref()
            .is_some_and(|it| !it(&entry.identity))
        {
            return None;
        }
        let kind = self.condition.kind();
        let counts = [entry.place, self.nth_of_kind];
        // both directions of a connection are hit, or neither
        if !Draws::of(seed, &["probability", kind], &counts).happens(self.probability) {
            return None;
        }
        let setting = Setting {
            opened: entry.opened,
            now,
            draws: Draws::of(seed, &[direction.word(), kind], &counts),
        };
        Some(self.condition.build(setting))
    }

    /// What goes wrong, in one line, and what repeats it if that is left to chance.
    pub(super) fn describe(&self, seed: Option<Seed>) -> String {
        let mut words = sentence(&self.condition, self.directions);
        if self.probability < 1.0 {
            let part = self.probability * 100.0;
            words.push_str(&format!(", on {part} % of the connections"));
        }
        if self.selector.is_some() {
            words.push_str(", on chosen connections");
        }
        let by_chance = self.condition.has_chance() || self.probability < 1.0;
        if let Some(seed) = seed.filter(|_| by_chance) {
            words.push_str(&format!(" ({seed})"));
        }
        words
    }
}

fn sentence(condition: &dyn fmt::Display, directions: &[Direction]) -> String {
    let subject = match directions {
        [one] => one.word(),
        _ => "requests and replies",
    };
    format!("{subject} {condition}")
}

/// What goes wrong, as [`InForce::describe`] says it, where no gate is meant yet.
pub(crate) fn words_of(
    condition: &Condition,
    directions: &[Direction],
    seed: Option<Seed>,
) -> String {
    let words = sentence(condition, directions);
    match seed.filter(|_| condition.has_chance()) {
        Some(seed) => format!("{words} ({seed})"),
        None => words,
    }
}

impl fmt::Debug for InForce {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("InForce")
            .field("condition", &self.condition)
            .field("directions", &self.directions)
            .field("probability", &self.probability)
            .finish_non_exhaustive()
    }
}
