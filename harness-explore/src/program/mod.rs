//! Programs as data: their steps, and the forms in which a person reads and keeps them.

mod gherkin;
mod rust_test;
mod script;
mod step;
mod words;

pub use step::{Given, Program, Step, Variable};

pub(crate) use words::function_name;
