//! Shrinking a program that fails until every step of it is needed.
//!
//! A candidate is a list of steps, replayed on a fresh system: steps that no longer apply are
//! skipped, and what was really run is what counts. It is kept if it fails at the same place with
//! the same kind and is simpler: fewer steps, then simpler values, newer variables, earlier rules.

mod arguments;
mod attempt;
mod loops;
mod order;
mod rules;
mod shortcuts;
mod steps;
mod variables;

pub(crate) use order::{Shrunk, shrink};
