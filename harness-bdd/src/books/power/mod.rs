//! Steps about what is on, off and on standby: the telescope, and its devices.

mod act;
mod attribute;
mod book;
mod phrases;
mod verify;

pub use self::book::power_steps;
