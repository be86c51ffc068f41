//! What machines, programs and reports hold, through the public interface.

mod bundles;
mod coverage;
mod database;
mod declarations;
mod endings;
mod faults;
mod flaky;
mod forms;
mod generating;
mod initial;
mod invariants;
mod known_bad;
mod machines;
mod shrinking;
