//! What may have happened while a fault was on.

use std::fmt;

use harness_core::state_machine::State;

use super::declaration::Lifecycle;
use super::expectation::Bygone;

/// What may be so while a fault is on: replies get lost, and so does what is told, so that nothing can
/// be left out that was possible once.
#[derive(Clone, Debug)]
pub(super) struct Disturbance<S> {
    possible: Vec<S>,
    bygone: Bygone,
}

impl<S: State> Disturbance<S> {
    /// It may be in any of these states, and these commands may be under way.
    pub(super) fn of(possible: Vec<S>, bygone: Bygone) -> Self {
        Disturbance { possible, bygone }
    }

    /// The states in which the system may be.
    pub(super) fn possible(&self) -> &[S] {
        &self.possible
    }

    /// A command may have been taken wherever it is allowed.
    pub(super) fn may_have_taken(&mut self, command: &str, lifecycle: &Lifecycle<S>) {
        for place in 0..self.possible.len() {
            let Some(way) = lifecycle.way(&self.possible[place], command) else {
                continue;
            };
            for state in way.via.iter().chain([&way.to]).chain(&way.others) {
                if !self.possible.contains(state) {
                    self.possible.push(state.clone());
                }
            }
        }
    }

    /// A command was taken, and its end may be told by this identifier.
    pub(super) fn was_taken(&mut self, identifier: String) {
        self.bygone.identifiers.push(identifier);
    }

    /// Nobody knows whether a command was taken.
    pub(super) fn was_not_answered(&mut self) {
        self.bygone.unanswered += 1;
    }

    pub(super) fn into_bygone(self) -> Bygone {
        self.bygone
    }
}

/// The states that may be: `IDLE or CONFIGURING or READY`.
impl<S: State> fmt::Display for Disturbance<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<String> = self.possible.iter().map(ToString::to_string).collect();
        formatter.write_str(&names.join(" or "))
    }
}
