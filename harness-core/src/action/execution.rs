//! The order in which an action is executed.

use std::sync::Arc;

use tokio::time::{Instant, timeout_at};

use super::conditions::rounded;
use super::manner::Manner;
use super::{Action, ActionError};
use crate::failure::Failure;
use crate::journal::{Journal, Phase};
use crate::timeout::Timeout;

/// The target of the `tracing` events about actions, for filters.
pub const ACTION_TARGET: &str = "harness_core::action";

/// Executes one action in the order the contract states, and writes its beginning and its end to
/// the record.
pub(super) async fn execute<A: Action + ?Sized>(
    action: &mut A,
    timeout: Timeout,
) -> Result<(), ActionError> {
    let step = Step::start(action);
    let outcome = phases(action, &step, &timeout).await;
    step.end(&outcome);
    outcome
}

async fn phases<A: Action + ?Sized>(
    action: &mut A,
    step: &Step,
    timeout: &Timeout,
) -> Result<(), ActionError> {
    let manner = Manner::here();
    setup(action, timeout).await?;
    let mark = action.tracer().mark();
    if manner.checks_preconditions {
        action.verify_preconditions(&mark).await?;
    }
    action.procedure(timeout).await?;
    timeout.start();
    step.done(timeout);
    if manner.awaits_postconditions {
        action.verify_postconditions(&mark, timeout).await?;
    }
    Ok(())
}

/// Sets up, within a timeout that runs already; one that is to start later does not count yet.
async fn setup<A: Action + ?Sized>(action: &mut A, timeout: &Timeout) -> Result<(), ActionError> {
    let (name, tracer) = (action.name(), action.tracer().clone());
    let awaited = || vec!["all that is needed to be watched".to_owned()];
    let left = timeout.remaining();
    let running = timeout.deadline().filter(|_| !timeout.has_expired());
    let setup = async {
        match running {
            Some(deadline) => timeout_at(deadline, action.setup()).await.ok(),
            None => Some(action.setup().await),
        }
    };
    let outcome = tracer
        .while_waiting_for_all(&name, Some(timeout), awaited, setup)
        .await;
    outcome.unwrap_or_else(|| {
        let (left, whole) = (rounded(left), rounded(timeout.initial()));
        let failure = Failure::new(format!(
            "{name}: what it needs could not be watched within the {left} that were left of {whole}"
        ));
        Err(ActionError::Subscribe {
            action: name,
            failure: Box::new(failure),
        })
    })
}

/// A step in the record that is always ended, also when the future that does it is dropped.
pub(super) struct Step {
    name: Arc<str>,
    journal: Journal,
    is_logged: bool,
    began: Instant,
    ended: bool,
}

impl Step {
    pub(super) fn start<A: Action + ?Sized>(action: &A) -> Self {
        let name: Arc<str> = action.name().into();
        let journal = action.tracer().journal().clone();
        let is_logged = action.is_logged() && Manner::here().is_logged;
        if is_logged {
            let what = || action.description();
            tracing::info!(target: ACTION_TARGET, action = %name, description = %what(), "started");
        }
        journal.step(Arc::clone(&name), Phase::Started);
        Self {
            name,
            journal,
            is_logged,
            began: Instant::now(),
            ended: false,
        }
    }

    /// The procedure is done.
    pub(super) fn done(&self, timeout: &Timeout) {
        if self.is_logged {
            let left = rounded(timeout.remaining());
            tracing::info!(target: ACTION_TARGET, action = %self.name, %left, "procedure done");
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
        self.tell(phase);
    }

    fn tell(&self, phase: Phase) {
        let (action, took) = (&*self.name, rounded(self.began.elapsed()));
        match &phase {
            Phase::Failed { reason } if self.is_logged => {
                tracing::warn!(target: ACTION_TARGET, %action, %took, %reason, "failed");
            }
            _ if self.is_logged => {
                tracing::info!(target: ACTION_TARGET, %action, %took, "finished");
            }
            _ => {}
        }
        self.journal.step(Arc::clone(&self.name), phase);
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        if !self.ended {
            self.tell(Phase::Failed {
                reason: "given up before it ended".to_owned(),
            });
        }
    }
}
