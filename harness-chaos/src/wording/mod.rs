//! How durations and counts are said.

mod counts;
mod durations;

pub(crate) use counts::counted;
pub(crate) use durations::Spoken;
