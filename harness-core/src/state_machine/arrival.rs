//! What a navigation tells when it has arrived.

use std::fmt;
use std::time::Duration;

use super::transition::State;

/// One step that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// How long the step took.
    pub took: Duration,
}

impl<S: State> StepTaken<S> {
    /// Whether the system had been in the step's target but had left it again when it was read.
    #[must_use]
    pub fn passed_through(&self) -> bool {
        self.to != self.found
    }
}

/// The account of a navigation that reached its target.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// How long all of it took.
    pub took: Duration,
}

impl<S: State> Arrival<S> {
    /// Whether the system had been in the target but had left it again when it was read.
    #[must_use]
    pub fn passed_through(&self) -> bool {
        self.target != self.state_now
    }

    /// Adds what happened next, when several targets are reached one after another.
    pub(super) fn followed_by(mut self, next: Arrival<S>) -> Arrival<S> {
        self.target = next.target;
        self.state_now = next.state_now;
        self.steps.extend(next.steps);
        self.took += next.took;
        self
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
