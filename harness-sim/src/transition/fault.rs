//! A setting as a fault of the harness.

use harness_core::BoxFuture;
use harness_core::fault::{Fault, FaultError, FaultGuard};

use super::{Scope, Setting, TransitionController};

/// A setting of transitions that a scenario, an exploration or a load can start and stop, also
/// several times.
#[derive(Debug)]
pub struct TransitionFault {
    controller: TransitionController,
    scope: Scope,
    setting: Setting,
}

impl TransitionFault {
    pub(super) const fn new(
        controller: TransitionController,
        scope: Scope,
        setting: Setting,
    ) -> TransitionFault {
        TransitionFault {
            controller,
            scope,
            setting,
        }
    }
}

impl Fault for TransitionFault {
    fn describe(&self) -> String {
        format!("{}: {}", self.scope, self.setting)
    }

    fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
        Box::pin(async move {
            let guard = self
                .controller
                .set_guarded(&self.scope, self.setting.clone())
                .map_err(|error| FaultError::start(self.describe(), error))?;
            Ok(FaultGuard::new(self.describe(), async move {
                drop(guard);
                Ok(())
            }))
        })
    }
}
