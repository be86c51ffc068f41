//! The graph of states and transitions: declared once, planned on and drawn without any system.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::ops::Add;

use petgraph::algo::dijkstra;
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::{Bfs, EdgeRef, Reversed};
use thiserror::Error;

use super::cost::Cost;
use super::plan::{Plan, PlannedStep};
use super::transition::{Sources, State, Transition};

/// Why a transition was refused.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum DeclarationError {
    /// The cost is negative, infinite or NaN.
    #[error(
        "transition {transition} has a cost of {cost}: a cost must be a finite number, zero or more"
    )]
    Cost {
        /// The transition's name.
        transition: String,
        /// The cost it was given.
        cost: f64,
    },
    /// The list of accepted sources is empty, so the transition could never be taken.
    #[error(
        "transition {transition} is accepted from no state: name its sources, or say `from_any`"
    )]
    NoSource {
        /// The transition's name.
        transition: String,
    },
}

/// States and the transitions between them.
///
/// ```
/// use harness_core::state_machine::{StateGraph, Transition};
///
/// let graph = StateGraph::new()
///     .with(Transition::to("IDLE").named("AssignResources").from(["EMPTY"]))?
///     .with(Transition::to("READY").named("Configure").from(["IDLE"]))?
///     .with(Transition::to("FAULT").named("break").from_any().cost(100.0))?;
/// let plan = graph.plan(&"EMPTY", &"READY").ok_or("no way")?;
/// assert_eq!(plan.to_string(), "EMPTY -AssignResources-> IDLE -Configure-> READY (cost 2)");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct StateGraph<S: State> {
    transitions: Vec<Transition<S>>,
    costs: Vec<Cost>,
    /// An edge's weight is the index of its transition, which is also its rank among equals.
    graph: DiGraph<S, usize>,
    nodes: HashMap<S, NodeIndex>,
}

impl<S: State> Default for StateGraph<S> {
    fn default() -> Self {
        StateGraph {
            transitions: Vec::new(),
            costs: Vec::new(),
            graph: DiGraph::new(),
            nodes: HashMap::new(),
        }
    }
}

impl<S: State> StateGraph<S> {
    /// A graph without states.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Declares one more transition. The order of declarations decides between equal plans.
    ///
    /// # Errors
    /// When the cost is negative, infinite or NaN, or when the list of sources is empty.
    pub fn declare(&mut self, transition: Transition<S>) -> Result<(), DeclarationError> {
        let cost = Cost::new(transition.given_cost()).ok_or_else(|| DeclarationError::Cost {
            transition: transition.name(),
            cost: transition.given_cost(),
        })?;
        if matches!(transition.sources(), Sources::Only(states) if states.is_empty()) {
            return Err(DeclarationError::NoSource {
                transition: transition.name(),
            });
        }
        let index = self.transitions.len();
        let sources: Vec<NodeIndex> = match transition.sources() {
            Sources::Only(states) => states.iter().map(|state| self.node(state)).collect(),
            Sources::Any => Vec::new(),
        };
        let target = self.node(transition.target());
        let sources = match transition.sources() {
            Sources::Only(_) => sources,
            Sources::Any => self.graph.node_indices().collect(),
        };
        for source in sources {
            // `update_edge` would merge parallel transitions; a source named twice is one edge.
            let declared = self
                .graph
                .edges_connecting(source, target)
                .any(|edge| *edge.weight() == index);
            if !declared {
                self.graph.add_edge(source, target, index);
            }
        }
        self.transitions.push(transition);
        self.costs.push(cost);
        Ok(())
    }

    /// [`declare`](Self::declare) for a chain of declarations.
    ///
    /// # Errors
    /// Those of [`declare`](Self::declare).
    pub fn with(mut self, transition: Transition<S>) -> Result<Self, DeclarationError> {
        self.declare(transition)?;
        Ok(self)
    }

    /// Declares a state that no transition has named yet. Transitions from any state leave it.
    #[must_use]
    pub fn with_state(mut self, state: &S) -> Self {
        self.node(state);
        self
    }

    /// All states, in the order in which they were first named.
    pub fn states(&self) -> impl Iterator<Item = &S> {
        self.graph.node_weights()
    }

    /// All transitions, in the order of declaration.
    #[must_use]
    pub fn transitions(&self) -> &[Transition<S>] {
        &self.transitions
    }

    /// The transition of a planned step.
    #[must_use]
    pub fn transition(&self, index: usize) -> Option<&Transition<S>> {
        self.transitions.get(index)
    }

    /// The transitions that may be taken from this state, in the order of declaration.
    pub fn transitions_from<'a>(
        &'a self,
        state: &'a S,
    ) -> impl Iterator<Item = &'a Transition<S>> + 'a {
        self.transitions
            .iter()
            .filter(|transition| transition.sources().accept(state))
    }

    /// The cheapest way from one state to another, or `None` when there is none.
    ///
    /// Plans are ordered by total cost, then by the number of steps, then by their transitions
    /// compared one by one in the order of declaration; the first in this order is returned. From
    /// a state to itself the plan is empty. Costs are summed from the target backwards, as `f64`.
    #[must_use]
    pub fn plan(&self, from: &S, to: &S) -> Option<Plan<S>> {
        if from == to {
            return Some(Plan::new(from.clone(), Vec::new(), Cost::ZERO));
        }
        let goal = *self.nodes.get(to)?;
        let remaining: HashMap<NodeIndex, Distance> =
            dijkstra(Reversed(&self.graph), goal, None, |edge| Distance {
                cost: self.costs[*edge.weight()],
                steps: 1,
            })
            .into_iter()
            .collect();
        let mut steps = Vec::new();
        let mut at = from.clone();
        let mut total = None;
        while at != *to {
            let (distance, index) = self.best_departure(&at, &remaining)?;
            let target = self.transitions[index].target().clone();
            total.get_or_insert(distance.cost);
            steps.push(PlannedStep::new(
                index,
                &self.transitions[index],
                at,
                self.costs[index],
            ));
            at = target;
        }
        Some(Plan::new(from.clone(), steps, total.unwrap_or(Cost::ZERO)))
    }

    /// The cost of the cheapest way, or `None` when there is none.
    #[must_use]
    pub fn cost(&self, from: &S, to: &S) -> Option<Cost> {
        self.plan(from, to).map(|plan| plan.cost())
    }

    /// The states that can be reached from this one, itself included, nearest (in steps) first.
    #[must_use]
    pub fn reachable_from(&self, state: &S) -> Vec<S> {
        let starts: Vec<NodeIndex> = match self.nodes.get(state) {
            Some(node) => vec![*node],
            None => self
                .departures_of_strangers()
                .map(|(_, node)| node)
                .collect(),
        };
        let mut found = vec![state.clone()];
        for start in starts {
            let mut search = Bfs::new(&self.graph, start);
            while let Some(node) = search.next(&self.graph) {
                if !found.contains(&self.graph[node]) {
                    found.push(self.graph[node].clone());
                }
            }
        }
        found
    }

    /// The states from which this one can be reached, itself included, nearest (in steps) first.
    #[must_use]
    pub fn leading_to(&self, state: &S) -> Vec<S> {
        let Some(goal) = self.nodes.get(state) else {
            return vec![state.clone()];
        };
        let reversed = Reversed(&self.graph);
        let mut search = Bfs::new(reversed, *goal);
        let mut found = Vec::new();
        while let Some(node) = search.next(reversed) {
            found.push(self.graph[node].clone());
        }
        found
    }

    /// The first transition of the best plan from here, and the distance of that plan.
    fn best_departure(
        &self,
        at: &S,
        remaining: &HashMap<NodeIndex, Distance>,
    ) -> Option<(Distance, usize)> {
        let departures: Vec<(usize, NodeIndex)> = match self.nodes.get(at) {
            Some(node) => self
                .graph
                .edges(*node)
                .map(|edge| (*edge.weight(), edge.target()))
                .collect(),
            None => self.departures_of_strangers().collect(),
        };
        departures
            .into_iter()
            .filter_map(|(index, target)| {
                let beyond = *remaining.get(&target)?;
                Some((
                    beyond
                        + Distance {
                            cost: self.costs[index],
                            steps: 1,
                        },
                    index,
                ))
            })
            .min_by(|(one, first), (other, second)| one.rank(other).then_with(|| first.cmp(second)))
    }

    /// The transitions that leave a state which the graph does not know: those from any state.
    fn departures_of_strangers(&self) -> impl Iterator<Item = (usize, NodeIndex)> + '_ {
        self.transitions
            .iter()
            .enumerate()
            .filter_map(|(index, transition)| {
                matches!(transition.sources(), Sources::Any)
                    .then(|| {
                        self.nodes
                            .get(transition.target())
                            .map(|node| (index, *node))
                    })
                    .flatten()
            })
    }

    /// The node of a state, added on first sight together with the edges that leave any state.
    fn node(&mut self, state: &S) -> NodeIndex {
        if let Some(node) = self.nodes.get(state) {
            return *node;
        }
        let node = self.graph.add_node(state.clone());
        self.nodes.insert(state.clone(), node);
        let inherited: Vec<(usize, NodeIndex)> = self.departures_of_strangers().collect();
        for (index, target) in inherited {
            self.graph.add_edge(node, target, index);
        }
        node
    }
}

/// How far a state is from the goal: by cost, then by steps.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Distance {
    cost: Cost,
    steps: usize,
}

impl Distance {
    fn rank(&self, other: &Distance) -> Ordering {
        self.cost
            .cmp(&other.cost)
            .then_with(|| self.steps.cmp(&other.steps))
    }
}

impl PartialOrd for Distance {
    fn partial_cmp(&self, other: &Distance) -> Option<Ordering> {
        Some(self.rank(other))
    }
}

impl Add for Distance {
    type Output = Distance;

    fn add(self, other: Distance) -> Distance {
        Distance {
            cost: self.cost + other.cost,
            steps: self.steps + other.steps,
        }
    }
}
