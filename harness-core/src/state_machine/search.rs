//! Finding ways: the cheapest plan, and which states are connected at all.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;

use petgraph::Direction::{self, Incoming, Outgoing};
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeRef;

use super::cost::Cost;
use super::graph::StateGraph;
use super::no_path::NoPath;
use super::plan::{Plan, PlannedStep};
use super::transition::State;

impl<S: State> StateGraph<S> {
    /// The cheapest way from one state to another, or `None` when there is none.
    ///
    /// Plans are ordered by total cost, then by the number of steps, then by their transitions
    /// compared one by one in the order of declaration; the first in this order is returned. From
    /// a state to itself the plan is empty. Costs are summed from the target backwards, as `f64`.
    ///
    /// The time it takes grows with the number of transitions between states that are nearer to
    /// the target than `from` is: some microseconds for a subarray, well under a second for a
    /// million transitions.
    #[must_use]
    pub fn plan(&self, from: &S, to: &S) -> Option<Plan<S>> {
        if from == to {
            return Some(Plan::new(from.clone(), Vec::new(), Cost::ZERO));
        }
        let goal = self.node_of(to)?;
        let start = self.node_of(from);
        let remaining = self.remaining(goal, start);
        let first = match start {
            Some(node) => self.best_departure(node, &remaining),
            None => self.best(self.departures_of_strangers().iter().copied(), &remaining),
        };
        let mut departure = first?;
        let cost = departure.distance.cost;
        let mut steps = Vec::with_capacity(departure.distance.steps);
        let mut at = from.clone();
        loop {
            let Departure { transition, to, .. } = departure;
            let declared = self.transition(transition)?;
            let next = declared.target().clone();
            let cost = self.costs[transition];
            steps.push(PlannedStep::new(transition, declared, at, cost));
            if to == goal {
                break;
            }
            at = next;
            departure = self.best_departure(to, &remaining)?;
        }
        Some(Plan::new(from.clone(), steps, cost))
    }

    /// The cheapest way from one state through others, in their order, to the last, as one plan:
    /// the best [`plan`](Self::plan) of each leg, one after another.
    ///
    /// ```
    /// use harness_core::state_machine::{StateGraph, Transition};
    ///
    /// let graph = StateGraph::new()
    ///     .with(Transition::to("ON").named("On").from(["OFF"]))?
    ///     .with(Transition::to("OFF").named("Off").from(["ON"]))?;
    /// let plan = graph.plan_through(&"ON", &["OFF"], &"ON")?;
    /// assert_eq!(plan.to_string(), "ON -Off-> OFF -On-> ON (cost 2)");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// When a leg has no way; the error names the first such leg.
    pub fn plan_through(&self, from: &S, through: &[S], to: &S) -> Result<Plan<S>, NoPath<S>> {
        let mut whole = Plan::new(from.clone(), Vec::new(), Cost::ZERO);
        for stop in through.iter().chain([to]) {
            let leg = self
                .plan(whole.to(), stop)
                .ok_or_else(|| NoPath::new(self, from, whole.to(), stop))?;
            whole = whole.followed_by(leg);
        }
        Ok(whole)
    }

    /// The cost of the cheapest way, or `None` when there is none.
    #[must_use]
    pub fn cost(&self, from: &S, to: &S) -> Option<Cost> {
        self.plan(from, to).map(|plan| plan.cost())
    }

    /// The states that can be reached from this one, itself included, nearest (in steps) first.
    #[must_use]
    pub fn reachable_from(&self, state: &S) -> Vec<S> {
        match self.node_of(state) {
            Some(node) => self.connected([node], Outgoing).cloned().collect(),
            None => {
                let targets = self.departures_of_strangers().iter().map(|(_, node)| *node);
                let found = self.connected(targets, Outgoing).cloned();
                std::iter::once(state.clone()).chain(found).collect()
            }
        }
    }

    /// The states from which this one can be reached, itself included, nearest (in steps) first.
    #[must_use]
    pub fn leading_to(&self, state: &S) -> Vec<S> {
        match self.node_of(state) {
            Some(node) => self.connected([node], Incoming).cloned().collect(),
            None => vec![state.clone()],
        }
    }

    /// How far each state is from the goal. Exact for every state that is nearer to it than the
    /// start is, where the search ends; for others it is a way that was seen, or none.
    ///
    /// That is enough to walk the best plan, which only gets nearer with each step: what is
    /// farther than the start can not be chosen, neither by its true distance nor by a greater one.
    fn remaining(&self, goal: NodeIndex, start: Option<NodeIndex>) -> Vec<Distance> {
        let mut remaining = vec![Distance::NONE; self.graph.node_count()];
        let mut queue = BinaryHeap::new();
        remaining[goal.index()] = Distance::ZERO;
        queue.push(Reverse((Distance::ZERO, goal)));
        while let Some(Reverse((distance, node))) = queue.pop() {
            if Some(node) == start {
                break;
            }
            if distance > remaining[node.index()] {
                continue;
            }
            for edge in self.graph.edges_directed(node, Incoming) {
                let source = edge.source();
                let farther = distance.before(self.costs[*edge.weight()]);
                if farther < remaining[source.index()] {
                    remaining[source.index()] = farther;
                    queue.push(Reverse((farther, source)));
                }
            }
        }
        remaining
    }

    /// The first step of the best plan from a state that the graph knows.
    fn best_departure(&self, node: NodeIndex, remaining: &[Distance]) -> Option<Departure> {
        let departures = self.graph.edges(node);
        self.best(
            departures.map(|edge| (*edge.weight(), edge.target())),
            remaining,
        )
    }

    /// The best of some first steps.
    fn best(
        &self,
        departures: impl Iterator<Item = (usize, NodeIndex)>,
        remaining: &[Distance],
    ) -> Option<Departure> {
        departures
            .filter(|(_, to)| remaining[to.index()] != Distance::NONE)
            .map(|(transition, to)| Departure {
                distance: remaining[to.index()].before(self.costs[transition]),
                transition,
                to,
            })
            .min_by_key(|departure| (departure.distance, departure.transition))
    }

    /// The states that are connected with some, these included, nearest first and then in the
    /// order of declaration.
    fn connected(
        &self,
        starts: impl IntoIterator<Item = NodeIndex>,
        direction: Direction,
    ) -> impl Iterator<Item = &S> {
        let mut seen = vec![false; self.graph.node_count()];
        let mut found: Vec<NodeIndex> = Vec::new();
        for start in starts {
            if !std::mem::replace(&mut seen[start.index()], true) {
                found.push(start);
            }
        }
        let mut next = 0;
        while let Some(node) = found.get(next).copied() {
            next += 1;
            let known = found.len();
            for neighbour in self.graph.neighbors_directed(node, direction) {
                if !std::mem::replace(&mut seen[neighbour.index()], true) {
                    found.push(neighbour);
                }
            }
            // The graph lists what was added last first.
            found[known..].reverse();
        }
        found.into_iter().map(|node| &self.graph[node])
    }
}

/// A first step, and how far the goal is by it.
struct Departure {
    distance: Distance,
    transition: usize,
    to: NodeIndex,
}

/// How far a state is from the goal: by cost, then by steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Distance {
    cost: Cost,
    steps: usize,
}

impl Distance {
    const ZERO: Distance = Distance {
        cost: Cost::ZERO,
        steps: 0,
    };

    /// No way is known. Costs may add up to infinity, numbers of steps never to this one.
    const NONE: Distance = Distance {
        cost: Cost::INFINITE,
        steps: usize::MAX,
    };

    /// The distance of what is one step farther away.
    fn before(self, cost: Cost) -> Distance {
        Distance {
            cost: cost + self.cost,
            steps: self.steps + 1,
        }
    }
}

impl Ord for Distance {
    fn cmp(&self, other: &Distance) -> Ordering {
        self.cost
            .cmp(&other.cost)
            .then_with(|| self.steps.cmp(&other.steps))
    }
}

impl PartialOrd for Distance {
    fn partial_cmp(&self, other: &Distance) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
