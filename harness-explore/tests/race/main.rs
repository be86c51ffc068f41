//! Races of several clients for one device, in memory.

#![expect(clippy::unwrap_used, reason = "a test that can't go on has failed")]

mod device;
mod found;
mod judged;
mod ordered;
mod sound;
