//! What an action is, and the order in which it is executed.

use super::execution;
use super::{ActionError, Finally, Reduced, Retried};
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

    /// Whether its beginning and end are told to `tracing`; yes by default.
    fn is_logged(&self) -> bool {
        true
    }

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

    /// Is told that it goes no further, although its last phase went well: another action at the same
    /// time failed, or all were given up. Ends what it began for the record; nothing by default. An
    /// action that wraps another one and hands its phases on hands this on, too.
    fn give_up(&mut self) {}

    /// Executes the action: sets up, marks the record, checks the preconditions, does the
    /// procedure, starts the timeout, waits for the postconditions. The first failure ends it.
    /// A timeout that runs already holds for the setup, too.
    ///
    /// Dropping the future stops waiting and leaves nothing behind; a command that was sent stays
    /// sent.
    fn execute(&mut self, timeout: Timeout) -> BoxFuture<'_, Result<(), ActionError>> {
        Box::pin(execution::execute(self, timeout))
    }

    /// This action, and then another one, which is executed whatever happened: to put back what the
    /// first one changed.
    ///
    /// The second one has as much time as the first one had, from its own beginning on. When both
    /// fail, the failure of the first one is told with a note of the other. It is not executed when
    /// the future is dropped.
    ///
    /// ```
    /// use harness_core::action::{Action, ProcedureAction};
    /// use harness_core::{Timeout, Tracer};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
    /// let tracer = Tracer::default();
    /// let open = ProcedureAction::new(&tracer, "open the cover", || async { Err("it is stuck") });
    /// let park = ProcedureAction::new(&tracer, "park", || async { Err("no power") });
    /// let error = open.and_finally(park).execute(Timeout::seconds(5)).await.unwrap_err();
    /// assert_eq!(error.action(), "open the cover");
    /// assert!(error.to_string().contains("then park failed, too"));
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    fn and_finally<F: Action>(self, finale: F) -> Finally<Self, F>
    where
        Self: Sized,
    {
        Finally::new(self, finale)
    }

    /// This action, executed again when it fails, up to that many times in all; zero counts as
    /// once. See [`Retried`].
    fn retried(self, times: u32) -> Retried<Self>
    where
        Self: Sized,
    {
        Retried::new(self, times)
    }

    /// This action without telling `tracing` of its beginning and end, nor of those of the actions
    /// it consists of. The record has them all the same.
    ///
    /// To silence all actions, filter by the target [`ACTION_TARGET`](super::ACTION_TARGET).
    fn without_logging(self) -> Reduced<Self>
    where
        Self: Sized,
    {
        Reduced::unlogged(self)
    }

    /// This action without checking its preconditions, nor those of the actions it consists of.
    fn without_preconditions(self) -> Reduced<Self>
    where
        Self: Sized,
    {
        Reduced::unchecked(self)
    }

    /// This action without waiting for its postconditions, nor for those of the actions it consists
    /// of; its early stops are not looked for either.
    fn without_postconditions(self) -> Reduced<Self>
    where
        Self: Sized,
    {
        Reduced::unawaited(self)
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

    fn is_logged(&self) -> bool {
        (**self).is_logged()
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

    fn give_up(&mut self) {
        (**self).give_up();
    }

    fn execute(&mut self, timeout: Timeout) -> BoxFuture<'_, Result<(), ActionError>> {
        (**self).execute(timeout)
    }
}
