//! The `harness` command as a user meets it: what it prints, and with which code it ends.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod called;
mod exploring;
mod gate;
mod graph_and_sim;
mod linting;
mod loading;
mod reaching;
mod reports;
mod running;
mod simulated;
mod steps;
mod usage;
mod via;
mod waiting;
