//! Cucumber for telescopes: step books, suite and reporters.
pub mod feature;
mod step;
mod step_book;

pub use self::{step::*, step_book::*};
pub use cucumber::{self, step::Context};
