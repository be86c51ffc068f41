//! Why a state was not reached.

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use thiserror::Error;

use super::arrival::{AbandonedPlan, StepTaken};
use super::hook::HookError;
use super::no_path::NoPath;
use super::observer::ObserveError;
use super::plan::{Plan, PlannedStep};
use super::transition::{BuildError, State};
use crate::action::ActionError;
use crate::failure::Failure;

/// Why a state was not reached.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum NavigationError<S: State> {
    /// The graph has no way from the present state to the target, or from one of the states to
    /// pass through to the next. Nothing was executed, unless an earlier leg of the way ended in
    /// another state than planned; then its steps are in the record.
    #[error(transparent)]
    NoPath(Box<NoPath<S>>),
    /// The state could not be read before anything was planned. Nothing was executed.
    #[error("the way to {to} can not be planned: the present state of {of} is not known")]
    Observe {
        /// Whose state it is, and where it is looked for.
        of: String,
        /// The target.
        to: S,
        /// Why the state is not known.
        #[source]
        source: Box<ObserveError>,
    },
    /// A step went wrong.
    #[error(transparent)]
    Step(Box<StepError<S>>),
    /// It was called off.
    #[error(transparent)]
    Cancelled(Box<Cancelled<S>>),
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
            _ => None,
        }
    }

    /// The last state in which the system was seen, if it was seen at all.
    #[must_use]
    pub fn last_seen(&self) -> Option<&S> {
        match self {
            NavigationError::NoPath(error) => Some(&error.begin),
            NavigationError::Observe { .. } => None,
            NavigationError::Step(error) => error.found.as_ref(),
            NavigationError::Cancelled(error) => error.found.as_ref(),
        }
    }
}

/// A step of a navigation went wrong; everything before it had succeeded.
#[derive(Debug, Error)]
#[non_exhaustive]
pub struct StepError<S: State> {
    /// The state at the beginning of the navigation; on a way through several states, of this leg.
    pub from: S,
    /// The target of the navigation; on a way through several states, of this leg.
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
    /// The steps that had succeeded, those of earlier legs included.
    pub taken: Vec<StepTaken<S>>,
    /// The plans that had been given up before, in order.
    pub abandoned: Vec<AbandonedPlan<S>>,
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
    /// A [`StepHook`](super::StepHook) objected to it, so it was not begun.
    #[error("a hook did not let it begin")]
    Vetoed(#[source] HookError),
    /// A [`StepHook`](super::StepHook) objected after it had been taken.
    #[error("it was taken, but a hook objected")]
    Objected(#[source] HookError),
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
            Some(found) if matches!(self.problem, StepProblem::Objected(_)) => {
                write!(formatter, ": found {found}")?;
            }
            // the state is right, so that there is more to it: a change that was not seen, a command
            // that did not complete
            Some(found) if found == expected => {
                write!(
                    formatter,
                    ": it is in {found} as expected, but the step did not end well"
                )?;
            }
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
        }?;
        for plan in &self.abandoned {
            write!(formatter, "; tried before: {plan}")?;
        }
        Ok(())
    }
}

/// A navigation was called off by a [`Cancel`](super::Cancel).
#[derive(Clone, Debug, Error, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cancelled<S: State> {
    /// The state at the beginning, if it had been read.
    pub from: Option<S>,
    /// The target.
    pub to: S,
    /// The steps that had been taken.
    pub taken: Vec<StepTaken<S>>,
    /// The step that was under way, if one was.
    pub under_way: Option<PlannedStep<S>>,
    /// The commands that the record holds since that step began: `Configure to lab/lamp/1`. They
    /// stay sent.
    pub sent: Vec<String>,
    /// The state found afterwards, if it could be read.
    pub found: Option<S>,
}

impl<S: State> fmt::Display for Cancelled<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cancelled {
            from,
            to,
            taken,
            under_way,
            sent,
            found,
        } = self;
        match from {
            Some(from) => write!(formatter, "cancelled on the way from {from} to {to}")?,
            None => write!(formatter, "cancelled before the way to {to} was planned")?,
        }
        match taken.as_slice() {
            [] => {}
            [.., last] => write!(
                formatter,
                ", after {} ({} -> {})",
                last.name, last.from, last.to
            )?,
        }
        if let Some(step) = under_way {
            let (name, from, to) = (step.name(), step.from(), step.to());
            write!(formatter, ", during {name} ({from} -> {to}): ")?;
            match sent.as_slice() {
                [] => formatter.write_str("no command was sent")?,
                [one] => write!(formatter, "{one} was sent")?,
                more => write!(formatter, "{} were sent", more.join(", "))?,
            }
        }
        match found {
            Some(found) => write!(formatter, "; the state is {found} now"),
            None => formatter.write_str("; the state now is not known"),
        }
    }
}
