//! All books together.

use crate::{HasTelescope, StepBook};

/// All steps about a telescope; with the feature `sim` also those that make it misbehave,
/// and those that say how the transitions of a simulated one go.
pub fn telescope_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    let book = book
        .merge(super::observation_steps)
        .merge(super::availability_steps)
        .merge(super::health_steps)
        .merge(super::power_steps)
        .merge(super::device_steps)
        .merge(super::delay_steps)
        .merge(super::log_steps)
        .merge(super::presence_steps)
        .merge(super::command_steps);
    #[cfg(feature = "sim")]
    let book = book
        .merge(super::fault_steps)
        .merge(super::transition_steps);
    book
}
