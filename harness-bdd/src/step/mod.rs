//! What a step is made of: its arguments, its time limit, and how its failure is told.

mod argument;
mod error_chain;
mod limits;
mod run;

pub use self::{
    argument::{ArgumentError, argument, list_argument},
    error_chain::{BoxError, ErrorChain},
    limits::{StepLimits, Stop},
    run::step,
};
pub(crate) use self::{
    limits::{STOPPED, within},
    run::{bounded, bounded_set_up},
};
