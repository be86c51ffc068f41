//! Running any code, and only waiting.

use std::error::Error;
use std::fmt::{self, Debug, Formatter};
use std::future::Future;

use super::builders::{condition_builders, verified_by_conditions};
use super::{Action, ActionError, Conditions};
use crate::device::BoxFuture;
use crate::failure::Failure;
use crate::journal::Mark;
use crate::timeout::Timeout;
use crate::tracer::Tracer;

type BoxError = Box<dyn Error + Send + Sync>;
type Procedure = dyn FnMut() -> BoxFuture<'static, Result<(), BoxError>> + Send;

/// Runs a closure, and waits for what it must cause.
///
/// ```
/// use harness_core::action::{Action, ProcedureAction};
/// use harness_core::{Timeout, Tracer};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let tracer = Tracer::default();
/// let mut action = ProcedureAction::new(&tracer, "power on the rack", || async {
///     Err::<(), _>("the switch is locked")
/// });
/// let error = action.execute(Timeout::seconds(5)).await.unwrap_err();
/// assert!(error.to_string().contains("the switch is locked"));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[must_use = "an action does nothing until it is executed"]
pub struct ProcedureAction {
    tracer: Tracer,
    name: String,
    procedure: Box<Procedure>,
    conditions: Conditions,
}

impl ProcedureAction {
    /// Runs `procedure`, at each execution anew.
    pub fn new<F, Fut, E>(tracer: &Tracer, name: impl Into<String>, mut procedure: F) -> Self
    where
        F: FnMut() -> Fut + Send + 'static,
        Fut: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        Self {
            tracer: tracer.clone(),
            name: name.into(),
            procedure: Box::new(move || {
                let running = procedure();
                Box::pin(async move { running.await.map_err(Into::into) })
            }),
            conditions: Conditions::new(),
        }
    }

    condition_builders!();
}

impl Action for ProcedureAction {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    fn procedure<'a>(&'a mut self, timeout: &'a Timeout) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            let running = (self.procedure)();
            let awaited = || vec![format!("{} to be done", self.name)];
            let done = self
                .tracer
                .while_waiting_for_all(&self.name, Some(timeout), awaited, running)
                .await;
            done.map_err(|error| {
                let failure =
                    Failure::new(format!("{} could not be done", self.name)).with_cause(&*error);
                ActionError::procedure(&self.name, failure).with_cause(error)
            })
        })
    }

    verified_by_conditions!();
}

impl Debug for ProcedureAction {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcedureAction")
            .field("name", &self.name)
            .field("conditions", &self.conditions)
            .finish_non_exhaustive()
    }
}

/// Does nothing itself: only waits for its postconditions, such as a device to settle.
///
/// What is awaited may have happened already when the wait begins: ask for
/// [`is_in_state`](crate::assertion::is_in_state), which holds then too, rather than for a change.
///
/// ```
/// use std::sync::Arc;
/// use harness_core::action::{Action, WaitAction};
/// use harness_core::assertion::is_in_state;
/// use harness_core::{InMemoryDevice, Timeout, Tracer};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let tracer = Tracer::default();
/// let subarray = InMemoryDevice::new("low-tmc/subarray/01").with_attribute("obsState", "ABORTED");
/// let subarray = tracer.device(Arc::new(subarray));
/// WaitAction::new(&tracer, "until the subarray has aborted")
///     .postcondition(is_in_state([&subarray], "obsState", "ABORTED"))
///     .execute(Timeout::seconds(10))
///     .await?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "an action does nothing until it is executed"]
pub struct WaitAction {
    tracer: Tracer,
    name: String,
    conditions: Conditions,
}

impl WaitAction {
    /// Waits for the postconditions added to it; the name says for what.
    pub fn new(tracer: &Tracer, name: impl Into<String>) -> Self {
        Self {
            tracer: tracer.clone(),
            name: name.into(),
            conditions: Conditions::new(),
        }
    }

    condition_builders!();
}

impl Action for WaitAction {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    fn procedure<'a>(
        &'a mut self,
        _timeout: &'a Timeout,
    ) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    verified_by_conditions!();
}
