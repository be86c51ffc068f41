//! The steps of a tour, as the rules of a lifecycle take them.

use crate::lifecycle::{INPUT, Manner, WAIT};
use crate::program::Step;

/// A command, sent like this.
pub(super) fn command_step(manner: Manner, command: &str, input: Option<&str>) -> Step {
    let step = Step::of(manner.rule(command));
    match input {
        Some(input) => step.value(INPUT, input),
        None => step,
    }
}

/// Waiting for what was begun. It sends nothing.
pub(super) fn wait_step() -> Step {
    Step::of(WAIT)
}
