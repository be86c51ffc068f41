//! The report as a person reads it, on a terminal of 100 columns.

mod account;
mod table;
mod words;

pub(crate) use account::outcome;
pub(crate) use words::{figure, plain};
