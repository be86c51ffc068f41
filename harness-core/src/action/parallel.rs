//! Several actions at the same time.

use std::fmt::{self, Debug, Formatter};

use futures_util::future::join_all;

use super::execution::Step;
use super::manner::Manner;
use super::outcomes::Outcomes;
use super::{Action, ActionError};
use crate::device::BoxFuture;
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
        let is_last = phase.is_last();
        let parts = UnderWay(&mut self.parts);
        let under_way = parts.0.iter_mut().map(async |part| {
            let outcome = phase.of(&mut *part.action).await;
            if is_last || outcome.is_err() {
                part.end(&outcome);
            }
            (part.action.name(), outcome)
        });
        let outcomes = tracer
            .while_waiting_for_all(name, phase.timeout(), awaited, join_all(under_way))
            .await;
        if outcomes.iter().all(|(_, outcome)| outcome.is_ok()) {
            parts.arrived();
            return Ok(());
        }
        Err(Outcomes(outcomes))
    }
}

impl Part {
    fn end(&mut self, outcome: &Result<(), ActionError>) {
        if let Some(step) = self.step.take() {
            step.end(outcome);
        }
    }
}

/// Actions on their way through a phase. Unless all arrive, those that went well go no further, and
/// their steps end: also when the future is dropped.
struct UnderWay<'a>(&'a mut [Part]);

impl UnderWay<'_> {
    fn arrived(mut self) {
        std::mem::take(&mut self.0);
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        for part in &mut *self.0 {
            // the steps within one end before its own
            part.action.give_up();
            part.step = None;
        }
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

    /// Whether an action has ended when it is through it.
    fn is_last(&self) -> bool {
        match self {
            Self::Setup | Self::Preconditions(_) => false,
            Self::Procedure(_) => !Manner::here().awaits_postconditions,
            Self::Postconditions(..) => true,
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
            self.give_up();
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
            outcomes.map_err(|outcomes| {
                let account = outcomes.account(&self.name, "", true);
                // told anew, since now all devices that are named come first
                account.map_failure(|failure| failure.with_timeline(mark))
            })
        })
    }

    fn give_up(&mut self) {
        drop(UnderWay(&mut self.parts));
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
