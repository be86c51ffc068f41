//! What a scenario knows of the telescope.
//!
//! A World that implements [`HasTelescope`] can use all steps of [`books`](crate::books). The
//! telescope comes into it by [`Suite::on_telescope`](crate::suite::Suite::on_telescope).

mod empty;
mod harness_world;
mod has_telescope;
mod reset;
mod restoration;
mod restore;
mod session;
mod switching;
mod undone;

pub(crate) use self::session::{Act, Answer, OBS_STATE, Sent};
pub use self::{
    harness_world::HarnessWorld,
    has_telescope::HasTelescope,
    restoration::{Restoration, RestorationStep, RestoreError},
    session::{SessionError, TelescopeSession},
};
