//! What a simulated subarray is made of, without any protocol: its obsState machine, the table of
//! its commands and how fast its state transitions progress.

mod command_table;
mod job;
mod machine;
mod progression;
mod resources;

pub use command_table::{Argument, CommandRule, CommandTable};
pub use job::Job;
pub use machine::{Holding, ObsStateMachine, Trigger, UnexpectedTrigger};
pub use progression::{Delays, DelaysError, Progression};
pub use resources::Resources;
