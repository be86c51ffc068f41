//! In which manner an action is executed: what is checked, and what is told.

use super::{Action, ActionError};
use crate::device::BoxFuture;
use crate::journal::Mark;
use crate::timeout::Timeout;
use crate::tracer::Tracer;

tokio::task_local! {
    /// The manner of the action around the present one, which holds for all that it consists of.
    static MANNER: Manner;
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Manner {
    pub(super) is_logged: bool,
    pub(super) checks_preconditions: bool,
    pub(super) awaits_postconditions: bool,
}

impl Manner {
    const ORDINARY: Self = Self {
        is_logged: true,
        checks_preconditions: true,
        awaits_postconditions: true,
    };

    /// The manner in which an action is to be executed here.
    pub(super) fn here() -> Self {
        MANNER.try_with(|manner| *manner).unwrap_or(Self::ORDINARY)
    }

    /// This manner as part of another one: what is left out there is left out here, too.
    fn within(self, outer: Self) -> Self {
        Self {
            is_logged: self.is_logged && outer.is_logged,
            checks_preconditions: self.checks_preconditions && outer.checks_preconditions,
            awaits_postconditions: self.awaits_postconditions && outer.awaits_postconditions,
        }
    }
}

/// An action of which something is left out, and so it is of the actions it consists of: see
/// [`Action::without_logging`], [`Action::without_preconditions`] and
/// [`Action::without_postconditions`].
#[derive(Debug)]
#[must_use = "an action does nothing until it is executed"]
pub struct Reduced<A> {
    action: A,
    manner: Manner,
}

impl<A: Action> Reduced<A> {
    fn new(action: A, reduce: impl FnOnce(&mut Manner)) -> Self {
        let mut manner = Manner::ORDINARY;
        reduce(&mut manner);
        Self { action, manner }
    }

    pub(super) fn unlogged(action: A) -> Self {
        Self::new(action, |manner| manner.is_logged = false)
    }

    pub(super) fn unchecked(action: A) -> Self {
        Self::new(action, |manner| manner.checks_preconditions = false)
    }

    pub(super) fn unawaited(action: A) -> Self {
        Self::new(action, |manner| manner.awaits_postconditions = false)
    }
}

/// Does something in that manner, as far as the manner around it allows. The latter is known only
/// when it is done, not yet when it is asked for.
async fn in_manner<F: Future>(manner: Manner, done: F) -> F::Output {
    MANNER.scope(manner.within(Manner::here()), done).await
}

impl<A: Action> Action for Reduced<A> {
    fn name(&self) -> String {
        self.action.name()
    }

    fn description(&self) -> String {
        self.action.description()
    }

    fn tracer(&self) -> &Tracer {
        self.action.tracer()
    }

    fn is_logged(&self) -> bool {
        self.manner.is_logged && self.action.is_logged()
    }

    fn setup(&mut self) -> BoxFuture<'_, Result<(), ActionError>> {
        Box::pin(in_manner(self.manner, self.action.setup()))
    }

    fn verify_preconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        if !self.manner.checks_preconditions {
            return Box::pin(std::future::ready(Ok(())));
        }
        Box::pin(in_manner(
            self.manner,
            self.action.verify_preconditions(mark),
        ))
    }

    fn procedure<'a>(&'a mut self, timeout: &'a Timeout) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(in_manner(self.manner, self.action.procedure(timeout)))
    }

    fn verify_postconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
        timeout: &'a Timeout,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        if !self.manner.awaits_postconditions {
            return Box::pin(std::future::ready(Ok(())));
        }
        Box::pin(in_manner(
            self.manner,
            self.action.verify_postconditions(mark, timeout),
        ))
    }

    fn give_up(&mut self) {
        self.action.give_up();
    }
}
