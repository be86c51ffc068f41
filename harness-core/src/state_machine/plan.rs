//! A way through the graph, computed but not yet gone.

use std::fmt;

use super::cost::Cost;
use super::transition::{State, Transition};

/// One step of a plan: a transition taken from a certain state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedStep<S> {
    transition: usize,
    name: String,
    from: S,
    to: S,
    cost: Cost,
    transient: bool,
}

impl<S: State> PlannedStep<S> {
    pub(super) fn new(
        index: usize,
        transition: &Transition<S>,
        from: S,
        cost: Cost,
    ) -> PlannedStep<S> {
        PlannedStep {
            transition: index,
            name: transition.name(),
            from,
            to: transition.target().clone(),
            cost,
            transient: transition.is_transient(),
        }
    }

    /// The index of the transition in the order of declaration.
    #[must_use]
    pub fn transition(&self) -> usize {
        self.transition
    }

    /// The name of the transition.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The state the step leaves.
    #[must_use]
    pub fn from(&self) -> &S {
        &self.from
    }

    /// The state the step leads to.
    #[must_use]
    pub fn to(&self) -> &S {
        &self.to
    }

    /// The cost of this step.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Whether the system may leave the state by itself once it is there.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        self.transient
    }
}

/// The steps from one state to another, in order. Empty when the two are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan<S> {
    from: S,
    steps: Vec<PlannedStep<S>>,
    cost: Cost,
}

impl<S: State> Plan<S> {
    pub(super) fn new(from: S, steps: Vec<PlannedStep<S>>, cost: Cost) -> Plan<S> {
        Plan { from, steps, cost }
    }

    /// The state the plan starts from.
    #[must_use]
    pub fn from(&self) -> &S {
        &self.from
    }

    /// The state the plan leads to.
    #[must_use]
    pub fn to(&self) -> &S {
        self.steps.last().map_or(&self.from, PlannedStep::to)
    }

    /// The steps in the order in which they are taken.
    #[must_use]
    pub fn steps(&self) -> &[PlannedStep<S>] {
        &self.steps
    }

    /// The total cost.
    #[must_use]
    pub fn cost(&self) -> Cost {
        self.cost
    }

    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}

impl<S: State> fmt::Display for Plan<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.from)?;
        for step in &self.steps {
            write!(formatter, " -{}-> {}", step.name, step.to)?;
        }
        write!(formatter, " (cost {})", self.cost)
    }
}
