//! Settings that end with their guard.

use super::settings::SettingId;
use super::{Scope, TransitionController};

/// Keeps a setting; dropping it takes the setting back, and what was set before counts again. An
/// execution that it concerned goes on by what then counts.
#[derive(Debug)]
#[must_use = "dropping the guard takes the setting back"]
pub struct TransitionGuard {
    controller: TransitionController,
    scope: Scope,
    id: Option<SettingId>,
}

impl TransitionGuard {
    pub(super) const fn new(
        controller: TransitionController,
        scope: Scope,
        id: SettingId,
    ) -> TransitionGuard {
        TransitionGuard {
            controller,
            scope,
            id: Some(id),
        }
    }

    /// For whom the setting is meant.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Leaves the setting until it is replaced or unset.
    pub fn forget(mut self) {
        if let Some(id) = self.id.take() {
            self.controller.keep(&self.scope, id);
        }
    }
}

impl Drop for TransitionGuard {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.controller.take_back(&self.scope, id);
        }
    }
}
