//! The report as a person reads it, on a terminal of 100 columns.

mod account;
mod faults;
mod table;
mod words;

pub(crate) use faults::{outcome, windows_of};
pub(crate) use words::{figure, plain};
