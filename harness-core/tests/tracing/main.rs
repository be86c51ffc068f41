//! What `tracing` is told: long waits, actions, and the events of devices.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod actions;
mod collector;
mod event_log;
mod progress;
