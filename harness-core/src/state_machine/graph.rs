//! The graph of states and transitions: declared once, planned on and drawn without any system.

use std::collections::{HashMap, HashSet};

use petgraph::graph::{DiGraph, NodeIndex};
use thiserror::Error;

use super::cost::Cost;
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
    /// What each transition costs.
    pub(super) costs: Vec<Cost>,
    /// An edge's weight is the index of its transition, which is also its rank among equals.
    pub(super) graph: DiGraph<S, usize>,
    nodes: HashMap<S, NodeIndex>,
    /// The transitions from any state, and where they lead.
    from_any: Vec<(usize, NodeIndex)>,
}

impl<S: State> Default for StateGraph<S> {
    fn default() -> Self {
        StateGraph {
            transitions: Vec::new(),
            costs: Vec::new(),
            graph: DiGraph::new(),
            nodes: HashMap::new(),
            from_any: Vec::new(),
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
        let named: Vec<NodeIndex> = match transition.sources() {
            Sources::Only(states) => states.iter().map(|state| self.node(state)).collect(),
            Sources::Any => Vec::new(),
        };
        let target = self.node(transition.target());
        match transition.sources() {
            Sources::Only(_) => {
                // A source named twice is one edge.
                let mut joined = HashSet::new();
                for source in named {
                    if joined.insert(source) {
                        self.graph.add_edge(source, target, index);
                    }
                }
            }
            Sources::Any => {
                for source in self.graph.node_indices() {
                    self.graph.add_edge(source, target, index);
                }
                self.from_any.push((index, target));
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

    /// The node of a state, if the graph knows it.
    pub(super) fn node_of(&self, state: &S) -> Option<NodeIndex> {
        self.nodes.get(state).copied()
    }

    /// The transitions that leave a state which the graph does not know, and where they lead:
    /// those from any state.
    pub(super) fn departures_of_strangers(&self) -> &[(usize, NodeIndex)] {
        &self.from_any
    }

    /// The node of a state, added on first sight together with the edges that leave any state.
    fn node(&mut self, state: &S) -> NodeIndex {
        if let Some(node) = self.nodes.get(state) {
            return *node;
        }
        let node = self.graph.add_node(state.clone());
        self.nodes.insert(state.clone(), node);
        for (index, target) in &self.from_any {
            self.graph.add_edge(node, *target, *index);
        }
        node
    }
}
