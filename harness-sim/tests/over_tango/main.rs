//! A simulated telescope over the real wire: its devices as a Tango client sees them.

mod control;
mod cycle;
mod defects;
mod harness;
mod observation;
mod refusals;
mod serving;
mod watcher;
