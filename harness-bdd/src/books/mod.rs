//! The steps that come with the harness, for every World that [has a telescope](crate::HasTelescope).
//!
//! [`telescope_steps`] is all of them. `harness run --list-steps` prints them.

mod availability;
mod command;
mod delay;
mod device;
#[cfg(feature = "sim")]
mod fault;
mod health;
mod log;
#[cfg(feature = "chaos")]
mod network;
mod observation;
mod observed;
mod power;
mod presence;
#[cfg(feature = "sim")]
mod simulated;
pub(crate) mod telescope;
#[cfg(feature = "sim")]
mod transition;

#[cfg(feature = "chaos")]
pub use self::network::network_steps;
pub use self::{
    availability::availability_steps, command::command_steps, delay::delay_steps,
    device::device_steps, health::health_steps, log::log_steps, observation::observation_steps,
    power::power_steps, presence::presence_steps, telescope::telescope_steps,
};
#[cfg(feature = "sim")]
pub use self::{fault::fault_steps, transition::transition_steps};

#[cfg(test)]
mod tests;
