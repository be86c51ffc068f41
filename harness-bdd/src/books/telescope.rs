//! All books together.

use crate::{HasTelescope, StepBook};

/// The family of the lines that need a telescope behind gates.
#[cfg(feature = "chaos")]
pub(crate) const NETWORK: &str = "Network";

/// All steps about a telescope; with the feature `chaos` also those about the network to it; with the feature `sim` also those that make it misbehave,
/// and those that say how the transitions of a simulated one go.
pub fn telescope_steps<W: HasTelescope>(book: StepBook<W>) -> StepBook<W> {
    let book = book
        .family("Availability", super::availability_steps)
        .family("Health", super::health_steps)
        .family("Commands", super::command_steps)
        .family("Observation", super::observation_steps)
        .family("Telescope", super::power_steps)
        .family("Devices", super::device_steps)
        .family("Delays", super::delay_steps)
        .family("Logs", super::log_steps)
        .family("Presence", super::presence_steps);
    #[cfg(feature = "chaos")]
    let book = book.family(NETWORK, super::network_steps);
    #[cfg(feature = "sim")]
    let book = book.family("Faults", super::fault_steps).family(
        "Transitions of a simulated telescope",
        super::transition_steps,
    );
    book
}
