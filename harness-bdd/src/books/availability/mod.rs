//! Steps that make things unavailable.

mod act;
mod book;
mod defective;
mod phrases;

pub use self::book::availability_steps;
