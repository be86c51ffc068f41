//! Steps about the obsState of subarrays.

mod act;
mod book;
#[cfg(feature = "sim")]
mod hold;
mod phrases;
mod state_word;
mod verify;

pub use self::book::observation_steps;
#[cfg(feature = "sim")]
pub(super) use self::hold::{fail, hold};
pub(super) use self::state_word::ObsStateWord;
