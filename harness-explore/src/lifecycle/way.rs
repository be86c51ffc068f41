//! What a command does in a state.

use std::collections::HashSet;

use harness_core::state_machine::{Sources, State, StateGraph};

/// What a command does in one state where it is allowed.
#[derive(Clone, Debug, PartialEq)]
pub struct Way<S> {
    /// The state from which it leads.
    pub from: S,
    /// The command.
    pub command: String,
    /// The transient states through which it leads, in this order.
    pub via: Vec<S>,
    /// The state to which it leads, and where the system stays.
    pub to: S,
    /// Where it may lead instead, by what the graph does not know.
    pub others: Vec<S>,
    /// What it costs.
    pub cost: f64,
}

/// The ways of a graph, in the order of its transitions. Transitions of these names are no
/// commands: the system goes them by itself.
pub(super) fn ways_of<S: State>(graph: &StateGraph<S>, spontaneous: &[String]) -> Vec<Way<S>> {
    let mut ways: Vec<Way<S>> = Vec::new();
    let is_command = |name: &String| !spontaneous.contains(name);
    let mut done = HashSet::new();
    for transition in graph.transitions() {
        let command = transition.name();
        if !is_command(&command) {
            continue;
        }
        let sources: Vec<&S> = match transition.sources() {
            Sources::Any => graph.states().collect(),
            Sources::Only(sources) => sources.iter().collect(),
        };
        for from in sources {
            if done.insert((from.clone(), command.clone())) {
                ways.push(way(graph, spontaneous, from, &command));
            }
        }
    }
    ways
}

/// What a command does in a state, of all that the graph says of it: the transient states of some
/// transitions lead on to the stable one of another, or by themselves.
fn way<S: State>(graph: &StateGraph<S>, spontaneous: &[String], from: &S, command: &str) -> Way<S> {
    let mut via = Vec::new();
    let mut to = None;
    let mut others = Vec::new();
    let mut cost = f64::INFINITY;
    for transition in graph.transitions_from(from) {
        if transition.name() != command {
            continue;
        }
        if transition.is_transient() {
            if !via.contains(transition.target()) {
                via.push(transition.target().clone());
            }
        } else if to.is_none() {
            to = Some(transition.target().clone());
        } else {
            others.push(transition.target().clone());
        }
        cost = cost.min(transition.given_cost());
    }
    let to = to.unwrap_or_else(|| {
        while let Some(next) = via.last().and_then(|last| onward(graph, spontaneous, last)) {
            if via.contains(&next) {
                break;
            }
            via.push(next);
        }
        via.pop().unwrap_or_else(|| from.clone())
    });
    Way {
        from: from.clone(),
        command: command.to_owned(),
        via,
        to,
        others,
        cost,
    }
}

/// Where the system goes from a state by itself.
fn onward<S: State>(graph: &StateGraph<S>, spontaneous: &[String], state: &S) -> Option<S> {
    let mut departures = graph.transitions_from(state);
    let next = departures.find(|transition| spontaneous.contains(&transition.name()))?;
    Some(next.target().clone())
}
