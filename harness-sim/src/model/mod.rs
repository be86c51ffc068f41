//! What a simulated device is made of, without any protocol: the obsState machine, the tables of
//! commands and how fast state transitions progress.

mod command_table;
mod job;
mod machine;
mod progression;
mod resources;
mod tables;

pub use command_table::{Argument, CommandRule, CommandTable, Manners};
pub use job::Job;
pub use machine::{Holding, ObsStateMachine, Trigger, UnexpectedTrigger};
pub use progression::{Delays, DelaysError, Progression};
pub use resources::Resources;
