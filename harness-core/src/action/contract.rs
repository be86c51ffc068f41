//! What an action is, and the order in which it is executed.

use super::ActionError;
use super::execution;
use crate::device::BoxFuture;
use crate::journal::Mark;
use crate::timeout::Timeout;
use crate::tracer::Tracer;

/// Something done to the system under test.
///
/// Only [`name`](Action::name), [`tracer`](Action::tracer) and [`procedure`](Action::procedure)
/// must be written. An action can be executed any number of times.
pub trait Action: Send {
    /// The name, for records and failures: `Configure on low-tmc/subarray/01`.
    fn name(&self) -> String;

    /// What it does, in a sentence; the name by default.
    fn description(&self) -> String {
        self.name()
    }

    /// The tracer whose record the action is written to and waits on.
    fn tracer(&self) -> &Tracer;

    /// Gets ready: watches what must be watched. Nothing by default.
    fn setup(&mut self) -> BoxFuture<'_, Result<(), ActionError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// Checks what must be true before. Nothing by default.
    fn verify_preconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        let _ = mark;
        Box::pin(std::future::ready(Ok(())))
    }

    /// Does what the action does. The timeout has usually not started yet; an action that waits
    /// itself should start it and stay within it.
    fn procedure<'a>(&'a mut self, timeout: &'a Timeout) -> BoxFuture<'a, Result<(), ActionError>>;

    /// Waits until what must be true afterwards is. Nothing by default.
    fn verify_postconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
        timeout: &'a Timeout,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        let _ = (mark, timeout);
        Box::pin(std::future::ready(Ok(())))
    }

    /// Executes the action: sets up, marks the record, checks the preconditions, does the
    /// procedure, starts the timeout, waits for the postconditions. The first failure ends it.
    /// A timeout that runs already holds for the setup, too.
    ///
    /// Dropping the future stops waiting and leaves nothing behind; a command that was sent stays
    /// sent.
    fn execute(&mut self, timeout: Timeout) -> BoxFuture<'_, Result<(), ActionError>> {
        Box::pin(execution::execute(self, timeout))
    }
}

impl<A: Action + ?Sized> Action for Box<A> {
    fn name(&self) -> String {
        (**self).name()
    }

    fn description(&self) -> String {
        (**self).description()
    }

    fn tracer(&self) -> &Tracer {
        (**self).tracer()
    }

    fn setup(&mut self) -> BoxFuture<'_, Result<(), ActionError>> {
        (**self).setup()
    }

    fn verify_preconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        (**self).verify_preconditions(mark)
    }

    fn procedure<'a>(&'a mut self, timeout: &'a Timeout) -> BoxFuture<'a, Result<(), ActionError>> {
        (**self).procedure(timeout)
    }

    fn verify_postconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
        timeout: &'a Timeout,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        (**self).verify_postconditions(mark, timeout)
    }

    fn execute(&mut self, timeout: Timeout) -> BoxFuture<'_, Result<(), ActionError>> {
        (**self).execute(timeout)
    }
}
