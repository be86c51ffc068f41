//! A way through the graph, computed but not yet gone.

use std::fmt;

use serde::Serialize;

use super::cost::Cost;
use super::transition::{State, Transition};

/// One step of a plan: a transition taken from a certain state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
///
/// `Display` shows it on one line; the alternate form, `{:#}`, as a table for people: a line for
/// each step, with its number, transition, states and cost, and whether its target is transient.
///
/// ```
/// use harness_core::state_machine::{StateGraph, Transition};
///
/// let graph = StateGraph::new()
///     .with(Transition::to("HEATING").named("Heat").from(["OFF"]).transient())?
///     .with(Transition::to("ON").named("wait").from(["HEATING"]).cost(50.0))?;
/// let plan = graph.plan(&"OFF", &"ON").ok_or("no way")?;
/// assert_eq!(format!("{plan}"), "OFF -Heat-> HEATING -wait-> ON (cost 51)");
/// assert_eq!(
///     format!("{plan:#}"),
///     "OFF to ON: 2 steps, cost 51\n\
///      1  Heat  OFF     -> HEATING  cost 1   transient\n\
///      2  wait  HEATING -> ON       cost 50"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
        if formatter.alternate() {
            return self.table(formatter);
        }
        write!(formatter, "{}", self.from)?;
        for step in &self.steps {
            write!(formatter, " -{}-> {}", step.name, step.to)?;
        }
        write!(formatter, " (cost {})", self.cost)
    }
}

impl<S: State> Plan<S> {
    /// Adds the steps of a plan that starts where this one ends.
    pub(super) fn followed_by(mut self, next: Plan<S>) -> Plan<S> {
        self.steps.extend(next.steps);
        self.cost = self.cost + next.cost;
        self
    }

    fn table(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Plan { from, steps, cost } = self;
        match steps.len() {
            0 => return write!(formatter, "{from}: nothing to do"),
            1 => write!(formatter, "{from} to {}: 1 step, cost {cost}", self.to())?,
            more => write!(
                formatter,
                "{from} to {}: {more} steps, cost {cost}",
                self.to()
            )?,
        }
        let rows: Vec<[String; 4]> = steps
            .iter()
            .map(|step| {
                [
                    step.name.clone(),
                    step.from.to_string(),
                    step.to.to_string(),
                    step.cost.to_string(),
                ]
            })
            .collect();
        let widths = rows.iter().fold([0; 4], |mut widths: [usize; 4], row| {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = cell.chars().count().max(*width);
            }
            widths
        });
        let [names, sources, targets, costs] = widths;
        let numbers = steps.len().to_string().len();
        for (index, ([name, from, to, cost], step)) in rows.iter().zip(steps).enumerate() {
            let number = index + 1;
            let row = format!(
                "{number:>numbers$}  {name:<names$}  {from:<sources$} -> {to:<targets$}  \
                 cost {cost:<costs$}  {}",
                if step.transient { "transient" } else { "" }
            );
            write!(formatter, "\n{}", row.trim_end())?;
        }
        Ok(())
    }
}
