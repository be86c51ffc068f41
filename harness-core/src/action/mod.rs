//! Actions: something done to the system under test, with what must be true before and after.
//!
//! [`CommandAction`] sends a command, [`ProcedureAction`] runs any code, [`WaitAction`] only
//! waits, and [`Sequence`] and [`Parallel`] do several under one timeout. What they have in common, the
//! [`Conditions`], can be used by actions of one's own; the trait is [`Action`].

mod command;
mod conditions;
mod contract;
mod error;
mod execution;
mod parallel;
mod procedure;
mod sequence;

pub use command::CommandAction;
pub use conditions::Conditions;
pub use contract::Action;
pub use error::ActionError;
pub use parallel::Parallel;
pub use procedure::{ProcedureAction, WaitAction};
pub use sequence::Sequence;

#[cfg(test)]
mod tests;
