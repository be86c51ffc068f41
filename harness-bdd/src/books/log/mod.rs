//! Steps about the logs of devices.

mod book;
mod phrases;
mod verify;

pub use self::book::log_steps;
