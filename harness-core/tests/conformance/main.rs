//! What the Python harness holds by its tests, and where it is weak, held here through the public
//! interface. `docs/conformance.md` says which test stands for what.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod actions;
mod bench;
mod denials;
mod in_state;
mod messages;
mod queries;
mod sequences;
mod state_changes;
mod timeouts;
mod tracer;
mod weak_points;
