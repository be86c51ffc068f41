//! A load beside an earlier one.

mod comparing;
mod difference;
mod noise;
mod overall;
#[cfg(test)]
mod tests;

pub use noise::{Noise, NoiseError};
pub use overall::Overall;
