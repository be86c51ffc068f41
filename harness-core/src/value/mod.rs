//! [`Value`]: what commands take and return and what attributes hold.
//!
//! One type for every control system, so that assertions, journals and reports need not know
//! where a value came from. Equality is the tester's: see [`Value`].

mod compare;
mod convert;
mod display;
mod json;
mod types;

pub use types::{EnumValue, Value};

#[cfg(test)]
mod tests;
