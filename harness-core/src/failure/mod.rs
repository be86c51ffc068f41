//! [`Failure`]: the account of what went wrong, on one screen.
//!
//! What was attempted, what was expected and what came nearest, what each device did meanwhile
//! and when, and what to look at next. `Display` is for a terminal, serde for reports.

mod account;
mod last_word;
mod render;
mod timeline;

pub use account::{Expected, Failure};
pub use last_word::LastWord;
pub(crate) use timeline::Clock;
pub use timeline::{DeviceTimeline, TimelineLine};

#[cfg(test)]
mod tests;
