//! What a scenario knows of the telescope.
//!
//! A World that implements [`HasTelescope`] can use all steps of [`books`](crate::books). The
//! telescope comes into it by [`Suite::on_telescope`](crate::suite::Suite::on_telescope).

mod act;
mod empty;
mod harness_world;
mod has_telescope;
#[cfg(feature = "chaos")]
mod networked;
mod own_steps;
mod reset;
mod restoration;
mod restore;
mod session;
mod switching;
mod target;
mod undone;
mod watching;

#[cfg(feature = "chaos")]
pub(crate) use self::networked::Networked;
pub(crate) use self::{
    act::{Act, Answer, Beginning, Sent, UnexpectedRefusal, When},
    session::{OBS_STATE, STATE, TELESCOPE_STATE},
    target::{Finder, Target},
};
pub use self::{
    harness_world::HarnessWorld,
    has_telescope::HasTelescope,
    restoration::{Restoration, RestorationStep, RestoreError},
    session::{SessionError, TelescopeSession},
    target::Aspect,
};
