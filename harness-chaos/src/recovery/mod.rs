//! Proof that a system came back, and how long it took.

mod error;
mod of_gates;
mod proof;

pub use error::NotRecovered;
pub use proof::{Recovery, recovers_within};
