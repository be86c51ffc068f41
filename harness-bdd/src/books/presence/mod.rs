//! Steps that say which telescope, and which device, a scenario is about.

mod book;
mod phrases;
mod verify;

pub use self::book::presence_steps;
