//! What a scenario does to the telescope as a whole.

use harness_tango::telescope::{SwitchError, Switched, TelescopeState};

use super::TelescopeSession;
use crate::BoxError;

impl TelescopeSession {
    /// Switches the telescope.
    ///
    /// # Errors
    /// [`SessionError::NoTelescope`](super::SessionError::NoTelescope), [`SwitchError`].
    pub async fn switch(&mut self, target: TelescopeState) -> Result<Switched, BoxError> {
        let switching = self.telescope()?.switch(target);
        Ok(switching.await?)
    }

    /// Makes the telescope one that can be tested: every device ONLINE, and ON.
    ///
    /// # Errors
    /// As [`switch`](Self::switch).
    pub async fn bring_on(&mut self) -> Result<Switched, BoxError> {
        let switching = self.telescope()?.bring_on();
        switching.await.map_err(|error: SwitchError| error.into())
    }
}
