//! Kinds of instances.

use std::sync::Arc;

use super::{Setting, Transition};

/// A way from one state to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The state that is left.
    pub from: Arc<str>,
    /// The state that is entered.
    pub to: Arc<str>,
    /// The command that goes this way; `None` for a way that is gone spontaneously, when the
    /// transition ends.
    pub command: Option<Arc<str>>,
}

/// A kind of instance: its name, as `csp::subarray`, its edges and commands, and how its
/// transitions go by default.
///
/// Spontaneous edges and those of commands are kept apart: no read and no time goes the way of a
/// command. Where several edges leave a state in the same manner, the first counts.
///
/// ```
/// use harness_sim::transition::{Model, Transition};
///
/// let cluster = Model::new("dax::cluster")
///     .spontaneous("creating", "available")
///     .on("delete", "available", "deleting")
///     .spontaneous("deleting", "deleted")
///     .with_default(Transition::after_reads(4));
/// assert_eq!(cluster.states(), ["creating", "available", "deleting", "deleted"]);
/// assert_eq!(cluster.commands(), ["delete"]);
/// ```
#[derive(Clone, Debug)]
pub struct Model {
    pub(super) name: String,
    pub(super) edges: Vec<Edge>,
    states: Vec<Arc<str>>,
    commands: Vec<Arc<str>>,
    pub(super) default: Option<Setting>,
    pub(super) command_defaults: Vec<(String, Setting)>,
    pub(super) failure_state: Option<Arc<str>>,
    pub(super) fault_state: Option<Arc<str>>,
}

impl Model {
    /// A model without edges.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Model {
        Model {
            name: name.into(),
            edges: Vec::new(),
            states: Vec::new(),
            commands: Vec::new(),
            default: None,
            command_defaults: Vec::new(),
            failure_state: None,
            fault_state: None,
        }
    }

    /// Adds an edge that is gone when the transition ends. The first state that is named is the
    /// one that an instance begins in.
    #[must_use]
    pub fn spontaneous(self, from: &str, to: &str) -> Model {
        self.edge(from, to, None)
    }

    /// Adds an edge that a command goes.
    #[must_use]
    pub fn on(self, command: &str, from: &str, to: &str) -> Model {
        self.edge(from, to, Some(command))
    }

    fn edge(mut self, from: &str, to: &str, command: Option<&str>) -> Model {
        let edge = Edge {
            from: intern(&mut self.states, from),
            to: intern(&mut self.states, to),
            command: command.map(|command| intern(&mut self.commands, command)),
        };
        self.edges.push(edge);
        self
    }

    /// Adds a state that no edge needs to name.
    #[must_use]
    pub fn with_state(mut self, state: &str) -> Model {
        intern(&mut self.states, state);
        self
    }

    /// Adds commands that no edge needs to name.
    #[must_use]
    pub fn with_commands<'a>(mut self, commands: impl IntoIterator<Item = &'a str>) -> Model {
        for command in commands {
            intern(&mut self.commands, command);
        }
        self
    }

    /// Sets how its transitions go as long as nothing else is set.
    #[must_use]
    pub fn with_default(mut self, setting: impl Into<Setting>) -> Model {
        self.default = Some(setting.into());
        self
    }

    /// Sets how the transitions of one command go as long as nothing else is set.
    #[must_use]
    pub fn with_command_default(mut self, command: &str, setting: impl Into<Setting>) -> Model {
        self.command_defaults
            .push((command.to_owned(), setting.into()));
        self
    }

    /// Sets the state that a failed transition leads to; without one, the state stays.
    #[must_use]
    pub fn failing_to(mut self, state: &str) -> Model {
        self.failure_state = Some(intern(&mut self.states, state));
        self
    }

    /// Sets the state that a fault leads to; without one, the state stays.
    #[must_use]
    pub fn faulting_to(mut self, state: &str) -> Model {
        self.fault_state = Some(intern(&mut self.states, state));
        self
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The edges, in the order in which they were declared.
    #[must_use]
    pub fn edges(&self) -> &[Edge] {
        &self.edges
    }

    /// The names of its states, in the order in which they were first named.
    #[must_use]
    pub fn states(&self) -> Vec<&str> {
        self.states.iter().map(AsRef::as_ref).collect()
    }

    /// The names of its commands, in the order in which they were first named.
    #[must_use]
    pub fn commands(&self) -> Vec<&str> {
        self.commands.iter().map(AsRef::as_ref).collect()
    }

    /// How its transitions go by default.
    #[must_use]
    pub fn default_setting(&self) -> Setting {
        self.default
            .clone()
            .unwrap_or_else(|| Transition::immediate().into())
    }

    /// The states of a circle of spontaneous edges, if there is one: transitions that take no time
    /// would go round in it, and are stopped where it closes.
    #[must_use]
    pub fn circle(&self) -> Option<Vec<&str>> {
        self.states.iter().find_map(|start| {
            let mut met: Vec<&str> = vec![start];
            while let Some(edge) = met.last().and_then(|state| self.spontaneous_from(state)) {
                if edge.to == *start {
                    return Some(met);
                }
                if met.contains(&&*edge.to) {
                    return None;
                }
                met.push(&edge.to);
            }
            None
        })
    }

    pub(super) fn first_state(&self) -> Option<Arc<str>> {
        self.states.first().cloned()
    }

    /// The state of this name, in any case of letters.
    pub(super) fn state(&self, name: &str) -> Option<&Arc<str>> {
        find(&self.states, name)
    }

    pub(crate) fn has_command_or_state(&self, name: &str) -> bool {
        find(&self.commands, name).is_some() || self.state(name).is_some()
    }

    pub(super) fn spontaneous_from(&self, state: &str) -> Option<&Edge> {
        self.edges
            .iter()
            .find(|edge| edge.command.is_none() && *edge.from == *state)
    }

    pub(super) fn commanded_from(&self, state: &str, command: &str) -> Option<&Edge> {
        self.edges.iter().find(|edge| {
            let named = edge.command.as_deref();
            *edge.from == *state && named.is_some_and(|named| named.eq_ignore_ascii_case(command))
        })
    }
}

fn find<'a>(names: &'a [Arc<str>], name: &str) -> Option<&'a Arc<str>> {
    names.iter().find(|known| known.eq_ignore_ascii_case(name))
}

fn intern(names: &mut Vec<Arc<str>>, name: &str) -> Arc<str> {
    if let Some(known) = find(names, name) {
        return Arc::clone(known);
    }
    let name: Arc<str> = name.into();
    names.push(Arc::clone(&name));
    name
}

/// A registered model, and what is set for it.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelSummary {
    /// The name.
    pub name: String,
    /// Its edges, in the order in which they were declared.
    pub edges: Vec<Edge>,
    /// Its commands.
    pub commands: Vec<String>,
    /// How its transitions go by default.
    pub default: Setting,
    /// What is set for the model as a whole, if anything is.
    pub overridden: Option<Setting>,
    /// What the next execution of an instance would meet.
    pub effective: super::Effective,
    /// How many instances live.
    pub instances: usize,
}
