//! All books together.

use crate::{HasTelescope, StepBook};

/// All steps about a telescope; with the feature `sim` also those that make it misbehave,
/// and those that say how the transitions of a simulated one go.
pub fn telescope_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    let book = book
        .merge(super::command_steps)
        .merge(super::observation_steps);
    #[cfg(feature = "sim")]
    let book = book
        .merge(super::fault_steps)
        .merge(super::transition_steps);
    book
}
