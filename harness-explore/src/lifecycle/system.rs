//! What exploring and covering ask of a system.

use std::time::Duration;

use harness_core::state_machine::State;
use serde_json::Value;

use crate::machine::RuleError;

/// A system whose commands lead from state to state, as it is seen from outside: what is sent, what
/// it replies, what it tells by itself, what can be read.
///
/// An error of any method is a failure of the step that called it, so that it should be one of the
/// connection or of the system; what is expected and what is not is none of its business. One
/// program at a time uses it, from one thread.
///
/// How it is started is a closure of its own, given to
/// [`Lifecycle::machine`](super::Lifecycle::machine) and run for each program. It must bring the
/// system to its home state whatever an earlier program has left behind, listen to it from then on,
/// and begin with nothing told.
pub trait SystemUnderTest<S: State>: 'static {
    /// Sends a command, with the input of this name if inputs were declared for it.
    ///
    /// Returns as soon as it is known whether the system takes the command: with its reply, or,
    /// where the reply only says that the command was queued, with the first word on it that says
    /// more. It must not wait for what the command does.
    fn send(
        &mut self,
        command: &str,
        input: Option<&str>,
    ) -> impl Future<Output = Result<Reply, RuleError>>;

    /// The next thing that the system tells by itself, in the order in which it told it: what was
    /// told and not yet handed over, at once; else what it tells before this time is up; else
    /// nothing. With a time of zero it only looks.
    ///
    /// Each change of the state is told, transient states too, none left out and none put
    /// together; the same state again need not be. Each end of a command is told, by the identifier
    /// of its reply.
    fn next(
        &mut self,
        within: Duration,
    ) -> impl Future<Output = Result<Option<Told<S>>, RuleError>>;

    /// The state, read from the system and not from what it told.
    fn state(&mut self) -> impl Future<Output = Result<S, RuleError>>;

    /// What the system holds beside its state, as far as a command that is refused must not change
    /// it and as far as it must be the same whenever the system is home: assigned resources, say.
    /// Values that change by themselves do not belong here. Nothing by default.
    fn holdings(&mut self) -> impl Future<Output = Result<Value, RuleError>> {
        async { Ok(Value::Null) }
    }

    /// Lets go of the system when a program has ended, whatever state it is in. Nothing by default.
    fn close(&mut self) -> impl Future<Output = Result<(), RuleError>> {
        async { Ok(()) }
    }
}

/// What a system replied to a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It takes the command.
    Accepted {
        /// The identifier by which its end is told; none if there is nothing more to tell.
        command: Option<String>,
    },
    /// It refuses the command.
    Refused {
        /// What it said.
        reason: String,
    },
}

/// What a system told by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told<S> {
    /// It is in this state now.
    State(S),
    /// A command has ended.
    Finished {
        /// The identifier of its reply.
        command: String,
        /// How it ended.
        outcome: Outcome,
    },
}

/// How a command that was accepted ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It did what it should.
    Done,
    /// It was ended early by another command.
    Aborted,
    /// It did not do what it should, or was refused after all.
    Failed(String),
}
