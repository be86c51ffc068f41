//! Actions: something done to the system under test, with what must be true before and after.
//!
//! [`CommandAction`] sends a command, [`ProcedureAction`] runs any code, [`WaitAction`] only
//! waits, and [`Sequence`] and [`Parallel`] do several under one timeout. Any of them can be
//! tried again ([`Action::retried`]) or have something done after it whatever happened
//! ([`Action::and_finally`]). What they have in common, the [`Conditions`], can be used by actions
//! of one's own; the trait is [`Action`].
//!
//! `tracing` is told of the beginning, the procedure's end and the end of each action, at level INFO
//! (a failure: WARN; each condition: DEBUG) and with the target [`ACTION_TARGET`].

mod builders;
mod command;
mod conditions;
mod contract;
mod error;
mod execution;
mod finally;
mod manner;
mod missing;
mod outcomes;
mod parallel;
mod procedure;
mod retried;
mod sequence;

pub use command::CommandAction;
pub use conditions::Conditions;
pub use contract::Action;
pub use error::ActionError;
pub use execution::ACTION_TARGET;
pub use finally::Finally;
pub use manner::Reduced;
pub use parallel::Parallel;
pub use procedure::{ProcedureAction, WaitAction};
pub use retried::Retried;
pub use sequence::Sequence;

#[cfg(test)]
mod tests;
