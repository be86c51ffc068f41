//! Steps about the network between the tests and the devices.

mod act;
mod book;
mod flow;
mod phrases;
mod quantity;
mod verify;

pub use self::book::network_steps;
