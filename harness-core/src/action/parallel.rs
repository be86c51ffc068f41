//! Several actions at the same time.

use std::fmt::{self, Debug, Formatter};

use futures_util::future::join_all;

use super::execution::Step;
use super::{Action, ActionError};
use crate::device::BoxFuture;
use crate::failure::{Expected, Failure};
use crate::journal::Mark;
use crate::timeout::Timeout;
use crate::tracer::Tracer;

/// Executes actions at the same time under one timeout, such as a command on several devices.
///
/// They go through the phases of an action side by side: all are set up, one mark is put into the
/// record, all preconditions are checked, and only if all hold is anything sent; then all
/// procedures run, and when all are done the clock starts and all postconditions are awaited.
/// Each phase ends when all are through it, and every action that failed in it is told, not the
/// first alone: [`ActionError::Several`] has the errors themselves. An early stop ends the wait of
/// the action it belongs to.
///
/// Dropping the future ends all waits and all their steps in the record; what was sent stays sent.
///
/// It is an action, so it can be part of a [`Sequence`](super::Sequence). The other way round, a
/// sequence in here does all that it does in its procedure: only what itself begins with is checked
/// before anything is sent.
///
/// ```
/// use std::sync::Arc;
/// use harness_core::action::{Action, CommandAction, Parallel};
/// use harness_core::assertion::changes_to;
/// use harness_core::{InMemoryDevice, Timeout, Tracer, Value};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let tracer = Tracer::default();
/// let dishes = ["mid-dish/dish-manager/ska001", "mid-dish/dish-manager/ska036"].map(|name| {
///     let dish = InMemoryDevice::new(name)
///         .with_attribute("dishMode", "STANDBY_FP")
///         .with_command("SetOperateMode", |dish, _argument| {
///             dish.set("dishMode", "OPERATE");
///             Ok(Value::Void)
///         });
///     tracer.device(Arc::new(dish))
/// });
///
/// Parallel::new(&tracer, "all dishes to OPERATE")
///     .and_all(dishes.iter().map(|dish| {
///         CommandAction::new(dish, "SetOperateMode", ())
///             .postcondition(changes_to([dish], "dishMode", "OPERATE"))
///     }))
///     .execute(Timeout::seconds(30))
///     .await?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[must_use = "an action does nothing until it is executed"]
pub struct Parallel {
    tracer: Tracer,
    name: String,
    parts: Vec<Part>,
}

/// One of the actions, and its step in the record while it is under way.
struct Part {
    action: Box<dyn Action>,
    step: Option<Step>,
}

impl Parallel {
    /// No actions yet.
    pub fn new(tracer: &Tracer, name: impl Into<String>) -> Self {
        Self {
            tracer: tracer.clone(),
            name: name.into(),
            parts: Vec::new(),
        }
    }

    /// Adds an action.
    pub fn and(mut self, action: impl Action + 'static) -> Self {
        let action = Box::new(action);
        self.parts.push(Part { action, step: None });
        self
    }

    /// Adds several actions, such as one for each device.
    pub fn and_all(self, actions: impl IntoIterator<Item = impl Action + 'static>) -> Self {
        actions.into_iter().fold(self, Self::and)
    }

    /// Takes all actions through one phase at the same time.
    async fn go_through(&mut self, phase: Phase<'_>) -> Result<(), Outcomes> {
        let (tracer, name) = (&self.tracer, &self.name);
        let awaited = || vec!["all actions to be done".to_owned()];
        let under_way = self.parts.iter_mut().map(async |part| {
            // held here, so that a step is ended also when this future is dropped
            let step = part.step.take();
            let outcome = phase.of(&mut *part.action).await;
            match (step, &outcome) {
                (Some(step), Err(_)) => step.end(&outcome),
                (step, _) => part.step = step,
            }
            (part.action.name(), outcome)
        });
        let outcomes = tracer
            .while_waiting_for_all(name, phase.timeout(), awaited, join_all(under_way))
            .await;
        if outcomes.iter().all(|(_, outcome)| outcome.is_ok()) {
            return Ok(());
        }
        // those that went well so far go no further
        self.parts.iter_mut().for_each(|part| part.step = None);
        Err(Outcomes(outcomes))
    }
}

/// What all actions do at the same time.
#[derive(Clone, Copy)]
enum Phase<'a> {
    Setup,
    Preconditions(&'a Mark),
    Procedure(&'a Timeout),
    Postconditions(&'a Mark, &'a Timeout),
}

impl Phase<'_> {
    fn timeout(&self) -> Option<&Timeout> {
        match self {
            Self::Setup | Self::Preconditions(_) => None,
            Self::Procedure(timeout) | Self::Postconditions(_, timeout) => Some(timeout),
        }
    }

    async fn of(self, action: &mut dyn Action) -> Result<(), ActionError> {
        match self {
            Self::Setup => action.setup().await,
            Self::Preconditions(mark) => action.verify_preconditions(mark).await,
            Self::Procedure(timeout) => action.procedure(timeout).await,
            Self::Postconditions(mark, timeout) => {
                action.verify_postconditions(mark, timeout).await
            }
        }
    }
}

/// How each of the actions, by name, came through a phase that not all came through.
struct Outcomes(Vec<(String, Result<(), ActionError>)>);

impl Outcomes {
    /// One account of all that failed. `tells_met` says whether those that came through the phase
    /// have thereby done something worth telling.
    fn account(self, name: &str, ending: &str, tells_met: bool) -> ActionError {
        let all = self.0.len();
        let failures = self.0.iter().filter(|(_, outcome)| outcome.is_err());
        let headline = format!(
            "{name}: {} of {all} actions failed{ending}",
            failures.count()
        );
        let mut account = Failure::new(headline);
        let mut failed = Vec::new();
        for (action, outcome) in self.0 {
            account = match outcome {
                Ok(()) if tells_met => account.with_expected(Expected::met(action)),
                Ok(()) => account,
                Err(error) => {
                    let failure = error.failure().cloned().unwrap_or_else(|| Failure::new(""));
                    let how = without_name(failure.headline(), &action).to_owned();
                    failed.push(error);
                    account
                        .with_expected(Expected::missing(action).nearest(how))
                        .absorb(failure)
                }
            };
        }
        ActionError::Several {
            action: name.to_owned(),
            failure: Box::new(account),
            failed,
        }
    }
}

/// The headline of an action's failure, which usually begins with its name.
fn without_name<'a>(headline: &'a str, action: &str) -> &'a str {
    headline
        .strip_prefix(action)
        .and_then(|rest| rest.strip_prefix(": "))
        .unwrap_or(headline)
}

impl Action for Parallel {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn description(&self) -> String {
        let names: Vec<_> = self.parts.iter().map(|part| part.action.name()).collect();
        format!("at the same time: {}", names.join(", "))
    }

    fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    fn setup(&mut self) -> BoxFuture<'_, Result<(), ActionError>> {
        Box::pin(async move {
            for part in &mut self.parts {
                part.step = Some(Step::start(&*part.action));
            }
            let outcomes = self.go_through(Phase::Setup).await;
            outcomes.map_err(|outcomes| outcomes.account(&self.name, "; nothing was sent", false))
        })
    }

    fn verify_preconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            let outcomes = self.go_through(Phase::Preconditions(mark)).await;
            outcomes.map_err(|outcomes| outcomes.account(&self.name, "; nothing was sent", false))
        })
    }

    fn procedure<'a>(&'a mut self, timeout: &'a Timeout) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            let outcomes = self.go_through(Phase::Procedure(timeout)).await;
            outcomes.map_err(|outcomes| outcomes.account(&self.name, "", true))
        })
    }

    fn verify_postconditions<'a>(
        &'a mut self,
        mark: &'a Mark,
        timeout: &'a Timeout,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            let phase = Phase::Postconditions(mark, timeout);
            let outcomes = self.go_through(phase).await;
            for step in self.parts.iter_mut().filter_map(|part| part.step.take()) {
                step.end(&Ok(()));
            }
            outcomes.map_err(|outcomes| {
                let account = outcomes.account(&self.name, "", true);
                // told anew, since now all devices that are named come first
                account.map_failure(|failure| failure.with_timeline(mark))
            })
        })
    }
}

impl Debug for Parallel {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.parts.iter().map(|part| part.action.name()).collect();
        f.debug_struct("Parallel")
            .field("name", &self.name)
            .field("actions", &names)
            .finish()
    }
}
