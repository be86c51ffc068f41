//! [`Seed`]: where all chance of a gate comes from.

mod draws;
mod number;

pub(crate) use draws::Draws;
pub use number::Seed;
