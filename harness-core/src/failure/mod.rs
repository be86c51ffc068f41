//! [`Failure`]: the account of what went wrong, on one screen.
//!
//! What was attempted, what was expected and what came nearest, the last word of whatever a device
//! was busy with, what the attributes are now, what each device did meanwhile and when, which
//! events may be missing, and what to look at next. `Display` is for a terminal, serde for reports.
//!
//! An account is bounded, however much happened: of 100,000 events those are kept that matter.

mod account;
mod current;
mod ends;
mod last_word;
mod names;
mod render;
mod scan;
mod telling;
mod timeline;

pub use account::{Expected, Failure};
pub use current::CurrentValue;
pub use last_word::LastWord;
pub(crate) use timeline::Clock;
pub use timeline::{DeviceTimeline, TimelineLine};

#[cfg(test)]
mod tests;
