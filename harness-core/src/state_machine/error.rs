//! Why a state was not reached.

use std::fmt;
use std::time::Duration;

use thiserror::Error;

use super::arrival::StepTaken;
use super::observer::ObserveError;
use super::plan::Plan;
use super::transition::{BuildError, State};
use crate::action::ActionError;
use crate::failure::Failure;

/// Why a state was not reached.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NavigationError<S: State> {
    /// The graph has no way from the present state to the target. Nothing was executed.
    #[error(transparent)]
    NoPath(Box<NoPath<S>>),
    /// The state could not be read before anything was planned. Nothing was executed.
    #[error("the way to {to} can not be planned: the present state is not known")]
    Observe {
        /// The target.
        to: S,
        /// Why the state is not known.
        #[source]
        source: Box<ObserveError>,
    },
    /// A step went wrong.
    #[error(transparent)]
    Step(Box<StepError<S>>),
}

impl<S: State> NavigationError<S> {
    /// The account of the action that failed, if one did.
    #[must_use]
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            NavigationError::Step(error) => match &error.problem {
                StepProblem::Action(error) => error.failure(),
                _ => None,
            },
            NavigationError::NoPath(_) | NavigationError::Observe { .. } => None,
        }
    }

    /// The last state in which the system was seen, if it was seen at all.
    #[must_use]
    pub fn last_seen(&self) -> Option<&S> {
        match self {
            NavigationError::NoPath(error) => Some(&error.from),
            NavigationError::Observe { .. } => None,
            NavigationError::Step(error) => error.found.as_ref(),
        }
    }
}

/// The graph has no way from one state to another.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub struct NoPath<S: State> {
    /// The state the way should start from.
    pub from: S,
    /// The state it should lead to.
    pub to: S,
    /// The states that can be reached from `from`, itself included.
    pub reachable: Vec<S>,
    /// The states from which `to` can be reached, itself included.
    pub leading: Vec<S>,
}

impl<S: State> fmt::Display for NoPath<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let NoPath {
            from,
            to,
            reachable,
            leading,
        } = self;
        write!(formatter, "no way from {from} to {to}: ")?;
        match (reachable.len() > 1, leading.len() > 1) {
            (false, false) => {
                write!(
                    formatter,
                    "no transition leaves {from} and none leads to {to}"
                )
            }
            (false, true) => write!(
                formatter,
                "no transition leaves {from}; {to} can be reached from {}",
                Listed(leading, to)
            ),
            (true, false) => write!(
                formatter,
                "no transition leads to {to}; {from} leads to {}",
                Listed(reachable, from)
            ),
            (true, true) => write!(
                formatter,
                "a transition is missing from one of {from}, {} to one of {to}, {}",
                Listed(reachable, from),
                Listed(leading, to)
            ),
        }
    }
}

/// A step of a navigation went wrong; everything before it had succeeded.
#[derive(Debug, Error)]
#[non_exhaustive]
pub struct StepError<S: State> {
    /// The state at the beginning of the navigation.
    pub from: S,
    /// The target of the navigation.
    pub to: S,
    /// The name of the transition that went wrong.
    pub step: String,
    /// Its number, from 1.
    pub number: usize,
    /// How many steps there would have been.
    pub of: usize,
    /// The state before the step.
    pub step_from: S,
    /// The state the step leads to.
    pub expected: S,
    /// The state found after the step, if it could be read.
    pub found: Option<S>,
    /// The states entered during the step, as far as events told.
    pub entered: Vec<S>,
    /// What can be done from the state found: the way to the target, if there is one.
    pub way_on: Option<Plan<S>>,
    /// The steps that had succeeded.
    pub taken: Vec<StepTaken<S>>,
    /// What went wrong.
    #[source]
    pub problem: StepProblem,
}

/// What can go wrong with a step.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StepProblem {
    /// The transition has no action.
    #[error("the transition has no action; give it one to execute it")]
    NoAction,
    /// The action could not be built.
    #[error("its action could not be built")]
    Build(#[source] BuildError),
    /// The action failed.
    #[error("its action failed")]
    Action(#[source] ActionError),
    /// The action succeeded, yet the system is in another state.
    #[error("its action succeeded, but it ended in another state")]
    WrongState,
    /// The state could not be read after the action.
    #[error("the state is not known after it")]
    Observe(#[source] ObserveError),
    /// There was no time left to begin it.
    #[error("no time was left for it of the {} s in all", .0.as_secs_f64())]
    OutOfTime(Duration),
}

impl<S: State> fmt::Display for StepError<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let StepError {
            from,
            to,
            step,
            number,
            of,
            step_from,
            expected,
            ..
        } = self;
        write!(
            formatter,
            "on the way from {from} to {to}, step {number} of {of} failed \
             ({step}, {step_from} -> {expected})"
        )?;
        match &self.found {
            Some(found) => write!(formatter, ": expected {expected}, found {found}")?,
            None => write!(
                formatter,
                ": expected {expected}, the state found is not known"
            )?,
        }
        if matches!(self.problem, StepProblem::WrongState) && self.entered.contains(expected) {
            write!(
                formatter,
                "; it had been {expected} in the meantime: declare {step} as transient \
                 if the system leaves {expected} by itself"
            )?;
        }
        match (&self.way_on, &self.found) {
            (Some(plan), _) if plan.is_empty() => write!(formatter, "; the target is reached"),
            (Some(plan), _) => write!(formatter, "; the way on: {plan}"),
            (None, Some(found)) => write!(formatter, "; no way leads from {found} to {to}"),
            (None, None) => Ok(()),
        }
    }
}

/// States of a list, without one that is named already.
struct Listed<'a, S>(&'a [S], &'a S);

impl<S: State> fmt::Display for Listed<'_, S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Listed(states, named) = self;
        for (number, state) in states.iter().filter(|state| state != named).enumerate() {
            let separator = if number == 0 { "" } else { ", " };
            write!(formatter, "{separator}{state}")?;
        }
        Ok(())
    }
}
