//! What a navigation tells when it has arrived.

use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};

use super::plan::Plan;
use super::transition::State;

/// One step that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StepTaken<S> {
    /// The name of the transition.
    pub name: String,
    /// The state before the step.
    pub from: S,
    /// The state the step leads to.
    pub to: S,
    /// The state found after the step: another one than `to` if that is transient and over.
    pub found: S,
    /// How long the step took; in JSON in seconds.
    #[serde(rename = "took_seconds", serialize_with = "seconds")]
    pub took: Duration,
}

impl<S: State> StepTaken<S> {
    /// Whether the system had been in the step's target but had left it again when it was read.
    #[must_use]
    pub fn passed_through(&self) -> bool {
        self.to != self.found
    }
}

/// A plan that a navigation gave up for another one: a step of it failed and the
/// [`SetbackPolicy`](super::SetbackPolicy) allowed for that, or the system moved on by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AbandonedPlan<S> {
    /// The plan.
    pub plan: Plan<S>,
    /// The name of its last transition that was tried.
    pub step: String,
    /// The state in which that ended, from which the next plan starts.
    pub found: S,
    /// Why the plan could not be followed, in one line.
    pub reason: String,
}

impl<S: State> fmt::Display for AbandonedPlan<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let AbandonedPlan {
            plan,
            step,
            found,
            reason,
        } = self;
        write!(formatter, "{plan}, which {step} ended in {found}: {reason}")
    }
}

/// The account of a navigation that reached its target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Arrival<S> {
    /// The state at the beginning.
    pub from: S,
    /// The state that was asked for.
    pub target: S,
    /// The state found at the end: another one than `target` if that is transient and over.
    pub state_now: S,
    /// The steps taken, in order. Empty when the system was there already.
    pub steps: Vec<StepTaken<S>>,
    /// The plans that were given up for others, in order; see [`AbandonedPlan`].
    pub abandoned: Vec<AbandonedPlan<S>>,
    /// How long all of it took; in JSON in seconds.
    #[serde(rename = "took_seconds", serialize_with = "seconds")]
    pub took: Duration,
}

impl<S: State> Arrival<S> {
    /// Whether the system had been in the target but had left it again when it was read.
    #[must_use]
    pub fn passed_through(&self) -> bool {
        self.target != self.state_now
    }
}

impl<S: State> fmt::Display for Arrival<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.steps.is_empty() {
            return write!(formatter, "already in {}", self.state_now);
        }
        write!(formatter, "{}", self.from)?;
        for step in &self.steps {
            write!(formatter, " -{}-> {}", step.name, step.to)?;
            if step.passed_through() {
                write!(formatter, " (and on to {})", step.found)?;
            }
        }
        write!(formatter, " in {:.1} s", self.took.as_secs_f64())
    }
}

fn seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}
