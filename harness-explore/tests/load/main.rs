//! Loads, in paused time: who is there when, what is measured, and how a load ends.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod chaos;
mod closed;
mod ending;
mod file;
mod flows;
mod open;
mod settling;
mod shards;
mod thresholds;
mod user;
