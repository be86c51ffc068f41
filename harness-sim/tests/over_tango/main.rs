//! A simulated telescope over the real wire: its devices as a Tango client sees them.

mod control;
mod cycle;
mod defects;
mod disturbed_events;
mod harness;
mod inputs;
mod logs;
mod observation;
mod out_of_reach;
mod progressions;
mod refusals;
mod serving;
mod switching;
mod watcher;
