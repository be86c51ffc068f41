//! What is done whatever happened.

use super::{Action, ActionError};
use crate::device::BoxFuture;
use crate::timeout::Timeout;
use crate::tracer::Tracer;

/// An action, and another one that is executed after it whatever happened: see
/// [`Action::and_finally`].
#[derive(Debug)]
#[must_use = "an action does nothing until it is executed"]
pub struct Finally<A, F> {
    action: A,
    finale: F,
}

impl<A: Action, F: Action> Finally<A, F> {
    pub(super) fn new(action: A, finale: F) -> Self {
        Self { action, finale }
    }

    /// Tells the failures apart: that of the action counts for more.
    fn verdict(
        &self,
        outcome: Result<(), ActionError>,
        finale: Result<(), ActionError>,
    ) -> Result<(), ActionError> {
        let (action, name) = (self.action.name(), self.finale.name());
        match (outcome, finale) {
            (outcome, Ok(())) => outcome,
            (Ok(()), Err(error)) => {
                let note = format!("this was done last; {action} had gone well before it");
                Err(error.map_failure(|failure| failure.with_note(note)))
            }
            (Err(error), Err(later)) => {
                let how = later
                    .failure()
                    .map_or_else(String::new, |failure| failure.headline().to_owned());
                let note = format!("then {name} failed, too: {how}");
                Err(error.map_failure(|failure| failure.with_note(note)))
            }
        }
    }
}

impl<A: Action, F: Action> Action for Finally<A, F> {
    fn name(&self) -> String {
        format!("{}, and finally {}", self.action.name(), self.finale.name())
    }

    fn description(&self) -> String {
        format!(
            "{}, and finally {}",
            self.action.description(),
            self.finale.description()
        )
    }

    fn tracer(&self) -> &Tracer {
        self.action.tracer()
    }

    fn procedure<'a>(&'a mut self, timeout: &'a Timeout) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            let outcome = self.action.execute(timeout.clone()).await;
            // a time of its own: nothing may be left of the other
            let finale = self.finale.execute(Timeout::new(timeout.initial())).await;
            self.verdict(outcome, finale)
        })
    }
}
