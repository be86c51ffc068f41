//! Doing all that a lifecycle allows and forbids, in few commands, and telling what was done.

mod circuit;
mod covering;
mod flow;
mod goal;
mod matrix;
mod picture;
mod plan;
mod render;
mod succession;
mod tour;

pub use covering::{Cover, CoverReport};
pub use matrix::{Cell, Matrix, PairCell, StateRow, Succession, Verdict};
