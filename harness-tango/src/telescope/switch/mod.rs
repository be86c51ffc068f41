//! Switching the whole telescope: ON, OFF, STANDBY, and ONLINE before.

mod devices;
mod online;
mod outcome;
mod run;
mod target;

pub use outcome::{SwitchError, Switched};
pub use run::Switch;
pub use target::TelescopeState;
