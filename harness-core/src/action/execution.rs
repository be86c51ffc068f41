//! The order in which an action is executed.

use std::sync::Arc;

use tokio::time::timeout_at;

use super::conditions::rounded;
use super::{Action, ActionError};
use crate::failure::Failure;
use crate::journal::{Journal, Phase};
use crate::timeout::Timeout;

/// Executes one action in the order the contract states, and writes its beginning and its end to
/// the record.
pub(super) async fn execute<A: Action + ?Sized>(
    action: &mut A,
    timeout: Timeout,
) -> Result<(), ActionError> {
    let journal = action.tracer().journal().clone();
    let step = Step::start(action.name(), journal);
    let outcome = steps(action, &timeout).await;
    step.end(&outcome);
    outcome
}

async fn steps<A: Action + ?Sized>(action: &mut A, timeout: &Timeout) -> Result<(), ActionError> {
    setup(action, timeout).await?;
    let mark = action.tracer().mark();
    action.verify_preconditions(&mark).await?;
    action.procedure(timeout).await?;
    timeout.start();
    action.verify_postconditions(&mark, timeout).await
}

/// Sets up, within a timeout that runs already; one that is to start later does not count yet.
async fn setup<A: Action + ?Sized>(action: &mut A, timeout: &Timeout) -> Result<(), ActionError> {
    let running = timeout.deadline().filter(|_| !timeout.has_expired());
    let Some(deadline) = running else {
        return action.setup().await;
    };
    let left = timeout.remaining();
    match timeout_at(deadline, action.setup()).await {
        Ok(outcome) => outcome,
        Err(_) => {
            let name = action.name();
            let (left, whole) = (rounded(left), rounded(timeout.initial()));
            let failure = Failure::new(format!(
                "{name}: what it needs could not be watched within the {left} that were left \
                 of {whole}"
            ));
            Err(ActionError::Subscribe {
                action: name,
                failure: Box::new(failure),
            })
        }
    }
}

/// A step in the record that is always ended, also when the future that does it is dropped.
pub(super) struct Step {
    name: Arc<str>,
    journal: Journal,
    ended: bool,
}

impl Step {
    pub(super) fn start(name: String, journal: Journal) -> Self {
        let name: Arc<str> = name.into();
        tracing::debug!(action = %name, "started");
        journal.step(Arc::clone(&name), Phase::Started);
        Self {
            name,
            journal,
            ended: false,
        }
    }

    pub(super) fn end(mut self, outcome: &Result<(), ActionError>) {
        self.ended = true;
        let phase = match outcome {
            Ok(()) => Phase::Finished,
            Err(error) => Phase::Failed {
                reason: error.failure().map_or_else(
                    || error.to_string(),
                    |failure| failure.headline().to_owned(),
                ),
            },
        };
        tracing::debug!(action = %self.name, ?phase, "ended");
        self.journal.step(Arc::clone(&self.name), phase);
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if !self.ended {
            let phase = Phase::Failed {
                reason: "given up before it ended".to_owned(),
            };
            self.journal.step(Arc::clone(&self.name), phase);
        }
    }
}
