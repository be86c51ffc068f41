//! Cucumber for telescopes: step books, suite and reporters.
pub mod feature;
pub mod report;
mod step;
mod step_book;
pub mod suite;

pub use self::{
    step::{ArgumentError, BoxError, ErrorChain, StepLimits, Stop, argument, list_argument, step},
    step_book::*,
};
pub use cucumber::{self, step::Context};
