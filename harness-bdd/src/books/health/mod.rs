//! Steps about how well devices and the telescope are.

mod book;
mod phrases;
mod steps;

pub use self::book::health_steps;
