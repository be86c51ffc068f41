//! Several actions under one timeout.

use std::fmt::{self, Debug, Formatter};

use super::{Action, ActionError};
use crate::device::BoxFuture;
use crate::timeout::Timeout;
use crate::tracer::Tracer;

/// Executes actions one after another under one timeout; the first failure ends it.
///
/// The clock starts when the first action has been sent, and covers all that follows. A sequence
/// is an action, so sequences can be nested. What must be done at the end whatever happened is
/// added by [`Action::and_finally`].
///
/// ```
/// use harness_core::action::{Action, ProcedureAction, Sequence};
/// use harness_core::{Timeout, Tracer};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let tracer = Tracer::default();
/// let nothing = || async { Ok::<_, std::io::Error>(()) };
/// Sequence::new(&tracer, "warm up")
///     .then(ProcedureAction::new(&tracer, "open the cover", nothing))
///     .then(ProcedureAction::new(&tracer, "switch on the light", nothing))
///     .execute(Timeout::seconds(10))
///     .await?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[must_use = "an action does nothing until it is executed"]
pub struct Sequence {
    tracer: Tracer,
    name: String,
    actions: Vec<Box<dyn Action>>,
}

impl Sequence {
    /// A sequence of no actions yet.
    pub fn new(tracer: &Tracer, name: impl Into<String>) -> Self {
        Self {
            tracer: tracer.clone(),
            name: name.into(),
            actions: Vec::new(),
        }
    }

    /// Adds an action at the end.
    pub fn then(mut self, action: impl Action + 'static) -> Self {
        self.actions.push(Box::new(action));
        self
    }
}

impl Action for Sequence {
    fn name(&self) -> String {
        self.name.clone()
    }

    fn description(&self) -> String {
        let names: Vec<_> = self.actions.iter().map(|action| action.name()).collect();
        format!("in sequence: {}", names.join(", "))
    }

    fn tracer(&self) -> &Tracer {
        &self.tracer
    }

    fn procedure<'a>(&'a mut self, timeout: &'a Timeout) -> BoxFuture<'a, Result<(), ActionError>> {
        Box::pin(async move {
            let count = self.actions.len();
            for (index, action) in self.actions.iter_mut().enumerate() {
                action.execute(timeout.clone()).await.map_err(|error| {
                    let note = format!("this was step {} of {count} of {}", index + 1, self.name);
                    error.map_failure(|failure| failure.with_note(note))
                })?;
            }
            Ok(())
        })
    }
}

impl Debug for Sequence {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let names: Vec<_> = self.actions.iter().map(|action| action.name()).collect();
        f.debug_struct("Sequence")
            .field("name", &self.name)
            .field("actions", &names)
            .finish()
    }
}
