//! Taking one step: the hooks, the action, and the state after it.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::arrival::StepTaken;
use super::cancel::Cancel;
use super::error::StepProblem;
use super::hook::{HookError, StepMoment};
use super::machine::StateMachine;
use super::observer::ObserveError;
use super::plan::PlannedStep;
use super::transition::State;
use crate::journal::{EntryKind, Mark};
use crate::timeout::Timeout;

/// How long a system has to tell its state, and a hook to do what it does, when no time is left.
pub(super) const GRACE: Duration = Duration::from_secs(3);

/// One step of a plan, on its way.
pub(super) struct Stepping<'a, S: State> {
    pub(super) machine: &'a StateMachine<S>,
    pub(super) timeout: &'a Timeout,
    pub(super) step: &'a PlannedStep<S>,
}

/// How a step ended that was not taken.
pub(super) enum Halt<S> {
    /// It went wrong.
    Setback(Setback<S>),
    /// It was called off, after these commands had been sent.
    Cancelled(Vec<String>),
}

/// A step that went wrong, before the whole story is told.
pub(super) struct Setback<S> {
    pub(super) problem: StepProblem,
    pub(super) found: Option<S>,
    pub(super) entered: Vec<S>,
}

impl<S> Setback<S> {
    /// The problem as one line, with what is below it.
    pub(super) fn reason(&self) -> String {
        if let StepProblem::Action(error) = &self.problem
            && let Some(failure) = error.failure()
        {
            return format!("{}: {}", self.problem, failure.headline());
        }
        let mut told = self.problem.to_string();
        let mut source = std::error::Error::source(&self.problem);
        while let Some(error) = source {
            told = format!("{told}: {error}");
            source = error.source();
        }
        told
    }
}

impl<S: State> Stepping<'_, S> {
    /// Takes the step.
    pub(super) async fn take(&self) -> Result<StepTaken<S>, Halt<S>> {
        let began = Instant::now();
        let mark = self.machine.tracer().mark();
        let taking = self.take_and_tell(began, &mark);
        let done = match self.machine.cancel() {
            Some(cancel) => cancel.unless_cancelled(taking).await,
            None => Some(taking.await),
        };
        match done {
            Some(Ok(taken)) => Ok(taken),
            Some(Err(setback)) => Err(Halt::Setback(setback)),
            None => Err(Halt::Cancelled(self.sent_since(&mark))),
        }
    }

    async fn take_and_tell(&self, began: Instant, mark: &Mark) -> Result<StepTaken<S>, Setback<S>> {
        let asked = self.ask_before().await;
        if self.machine.cancel().is_some_and(Cancel::is_cancelled) {
            // by a hook: whoever polls this hears of it, too, before anything is sent
            std::future::pending::<()>().await;
        }
        let outcome = match asked {
            Ok(()) => self.execute_and_confirm(mark).await,
            Err(problem) => Err(self.not_begun(problem)),
        };
        match outcome {
            Ok(found) => {
                let taken = StepTaken {
                    name: self.step.name().to_owned(),
                    from: self.step.from().clone(),
                    to: self.step.to().clone(),
                    found,
                    took: began.elapsed(),
                };
                match self.tell_after(StepMoment::Taken(taken.clone())).await {
                    Ok(()) => Ok(taken),
                    Err(error) => Err(Setback {
                        problem: StepProblem::Objected(error),
                        found: Some(taken.found),
                        entered: self.machine.observer().entered_since(mark),
                    }),
                }
            }
            Err(setback) => {
                let moment = StepMoment::Failed {
                    step: self.step.clone(),
                    found: setback.found.clone(),
                    reason: setback.reason(),
                };
                if let Err(error) = self.tell_after(moment).await {
                    tracing::warn!(%error, "a hook failed after a failed step");
                }
                Err(setback)
            }
        }
    }

    /// Tells the hooks that the step is about to begin, while there is time for it.
    async fn ask_before(&self) -> Result<(), StepProblem> {
        let out_of_time = || StepProblem::OutOfTime(self.timeout.initial());
        if self.timeout.has_expired() {
            return Err(out_of_time());
        }
        let moment = StepMoment::Before(self.step.clone());
        match timeout_at(self.timeout.start(), self.tell(&moment)).await {
            Ok(heard) => heard.map_err(StepProblem::Vetoed),
            Err(_) => Err(out_of_time()),
        }
    }

    /// Tells the hooks how the step ended, which they must hear even if no time is left.
    async fn tell_after(&self, moment: StepMoment<S>) -> Result<(), HookError> {
        let now = Instant::now();
        let until = self.timeout.start().max(now + GRACE);
        match timeout_at(until, self.tell(&moment)).await {
            Ok(heard) => heard,
            Err(_) => {
                let had = (until - now).as_secs_f64();
                Err(format!("it had not ended after {had} s").into())
            }
        }
    }

    async fn tell(&self, moment: &StepMoment<S>) -> Result<(), HookError> {
        for hook in self.machine.hooks() {
            hook.hear(moment.clone()).await?;
        }
        Ok(())
    }

    async fn execute_and_confirm(&self, mark: &Mark) -> Result<S, Setback<S>> {
        let builder = self
            .machine
            .graph()
            .transition(self.step.transition())
            .and_then(|transition| transition.action_builder())
            .ok_or_else(|| self.not_begun(StepProblem::NoAction))?;
        let mut action = builder
            .build()
            .map_err(|error| self.not_begun(StepProblem::Build(error)))?;
        let executed = action.execute(self.timeout.clone()).await;
        let found = look_again(self.machine, self.timeout.start()).await;
        let entered = self.machine.observer().entered_since(mark);
        let (problem, found) = match (executed, found) {
            (Err(error), found) => (StepProblem::Action(error), found.ok()),
            (Ok(()), Err(error)) => (StepProblem::Observe(error), None),
            (Ok(()), Ok(found)) => {
                let passed_through = self.step.is_transient() && entered.contains(self.step.to());
                if found == *self.step.to() || passed_through {
                    return Ok(found);
                }
                (StepProblem::WrongState, Some(found))
            }
        };
        Err(Setback {
            problem,
            found,
            entered,
        })
    }

    fn not_begun(&self, problem: StepProblem) -> Setback<S> {
        Setback {
            problem,
            found: Some(self.step.from().clone()),
            entered: Vec::new(),
        }
    }

    fn sent_since(&self, mark: &Mark) -> Vec<String> {
        let journal = self.machine.tracer().journal();
        let entries = journal.since(mark);
        let sent = entries.iter().filter_map(|entry| match &*entry.kind {
            EntryKind::Command {
                device, command, ..
            } => Some(format!("{command} to {device}")),
            _ => None,
        });
        sent.collect()
    }
}

/// Reads the state until the deadline, or a moment longer when that is near or over.
pub(super) async fn look_again<S: State>(
    machine: &StateMachine<S>,
    deadline: Instant,
) -> Result<S, ObserveError> {
    let now = Instant::now();
    let until = deadline.max(now + GRACE);
    match timeout_at(until, machine.observer().current()).await {
        Ok(looked) => looked,
        Err(_) => Err(ObserveError::OutOfTime(until - now)),
    }
}
