//! What values an argument may have: how they are made, which belong to it, which are simpler.

mod domain;
mod ready;
mod simplicity;

pub use domain::Strategy;
pub use ready::{
    booleans, choice, constant, floats, generated, integers, lists, one_of, texts, tuples,
};

pub(crate) use simplicity::{leaves, rank, simpler, with_leaf};
