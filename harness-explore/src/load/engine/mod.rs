//! Carries out a plan: users, their cycles, faults, and what is told meanwhile.

mod chaos;
mod closed;
mod conductor;
mod cycling;
mod ending;
mod gauges;
mod live;
mod load;
mod open;
mod process;
mod recorder;
mod throttle;
mod user;

pub use live::Live;
pub use load::Load;
pub use recorder::Recorder;
pub use user::{CycleError, Identity, User};
