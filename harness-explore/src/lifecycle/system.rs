//! What exploring and covering ask of a system.

use std::time::Duration;

use harness_core::state_machine::State;
use serde_json::Value;

use crate::machine::RuleError;

/// A system whose commands lead from state to state, as it is seen from outside: what is sent, what
/// it replies, what it tells by itself, what can be read.
///
/// What is expected and what is not is none of its business: it hands over what the system says. An
/// error of any method fails the step that called it, so errors are for what has nothing to do with
/// what was asked: a connection that broke, a subscription that lost events, a reply that can not be
/// read. A refusal is no error. While a [fault](super::Lifecycle::with_fault) is on, errors are
/// tolerated, but each method must return within the lifecycle's patience.
///
/// One program at a time uses it, and calls one method at a time, from one thread. A method that
/// takes longer than the machine's limit of a step is dropped where it waits; after that, as after any
/// failure, only [`close`](Self::close) is called.
///
/// How it is started is a closure of its own, given to
/// [`Lifecycle::machine`](super::Lifecycle::machine) and run for each program. It must bring the
/// system to its home state whatever an earlier program has left behind (a state that is stuck, a
/// command under way, resources that were not let go of: what it holds then is what it must hold at
/// home), listen to it from then on, and begin with nothing told: what a subscription
/// says first, and what came of bringing it home, is not handed over.
pub trait SystemUnderTest<S: State>: 'static {
    /// Sends a command, with the input of this name; without one if no inputs were declared for it.
    ///
    /// Returns as soon as it is known whether the system takes the command, and does not wait for what
    /// the command does. A reply that says so is enough. Where the reply only says that the command
    /// was queued, the first word on it that says more decides: a command that is told to be rejected
    /// or not allowed then is [`Reply::Refused`], too, and its end is not handed over by
    /// [`next`](Self::next). What is told meanwhile of other things is, in its order.
    ///
    /// # Errors
    /// When it can not be known whether the command was taken. A command that the system says it does
    /// not know or allow, or an input it says is wrong, is refused and no error.
    fn send(
        &mut self,
        command: &str,
        input: Option<&str>,
    ) -> impl Future<Output = Result<Reply, RuleError>>;

    /// The next thing that the system tells by itself, in the order in which it told it: what was
    /// told and not yet handed over, at once; else what it tells before this time is up; else, when
    /// it is up and not before, nothing. With a time of zero it only looks at what has arrived.
    ///
    /// Each change of the state is told, transient states too, none left out and none put
    /// together; the same state again need not be. Each end of a command is told, once, by the
    /// identifier of its reply, also of one that another command ended; where it is on the way
    /// until then is not. Ends of commands that others sent are not told.
    ///
    /// # Errors
    /// When something may have been told and not heard.
    fn next(
        &mut self,
        within: Duration,
    ) -> impl Future<Output = Result<Option<Told<S>>, RuleError>>;

    /// Begins to listen anew: nothing is handed over any more of what was told until now, and what was
    /// missed until now is no error any more, even if it is noticed only later. Asked for when faults
    /// have healed, and again until the system rests. Drops what has arrived by default.
    ///
    /// # Errors
    /// When it can not listen (yet).
    fn listen_anew(&mut self) -> impl Future<Output = Result<(), RuleError>> {
        async {
            while self.next(Duration::ZERO).await?.is_some() {}
            Ok(())
        }
    }

    /// The state, read from the system now, and not from what it told.
    ///
    /// # Errors
    /// When it can not be read.
    fn state(&mut self) -> impl Future<Output = Result<S, RuleError>>;

    /// What the system holds beside its state, read from it now, as far as a command that is refused
    /// must not change it and as far as it must be the same whenever the system is home: assigned
    /// resources, say. Asked only while the system rests. Two answers are compared as JSON: lists in
    /// no particular order must be sorted. What changes by itself, or stays after a command was undone
    /// (counters, the last input), does not belong here. Nothing by default.
    ///
    /// # Errors
    /// When it can not be read.
    fn holdings(&mut self) -> impl Future<Output = Result<Value, RuleError>> {
        async { Ok(Value::Null) }
    }

    /// Lets go of the system when a program has ended, whatever state it is in; the next start finds
    /// it so. Nothing by default.
    ///
    /// # Errors
    /// When it can not let go.
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
