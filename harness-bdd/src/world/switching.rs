//! What a scenario does to the telescope as a whole, and past its manager.

use harness_core::TracedDevice;
use harness_tango::{
    subarray::Subarray,
    telescope::{RoleKind, Switched, System, TelescopeState},
};

use super::{SessionError, TelescopeSession};

impl TelescopeSession {
    /// The subarray of a system, commanded past the telescope manager; it will be put back to EMPTY
    /// after the scenario.
    ///
    /// # Errors
    /// [`SessionError::NoTelescope`], [`SessionError::NoSubarray`], [`SessionError::LeftBehind`].
    pub fn subarray_of(&mut self, system: System, number: u32) -> Result<Subarray, SessionError> {
        let subarray = self.telescope()?.subarray_of(system, number)?;
        self.undone.check(system, number)?;
        self.touch(&subarray);
        Ok(subarray)
    }

    /// Says that the scenario moves this subarray, so that it is put back to EMPTY afterwards.
    pub fn touch(&mut self, subarray: &Subarray) {
        self.undone.touch(subarray);
    }

    /// Has the subarrays of the subsystems put back too.
    pub(crate) fn touch_subsystems(&mut self, number: u32) -> Result<(), SessionError> {
        let subarrays = self.telescope()?.devices().filter_map(|(device, _)| {
            let role = device.role?;
            let is_part = role.kind() == RoleKind::Subarray && role.system() != System::Tmc;
            (is_part && device.subarray == Some(number)).then_some(role.system())
        });
        for system in subarrays.collect::<Vec<_>>() {
            self.subarray_of(system, number)?;
        }
        Ok(())
    }

    /// Says that the scenario sends this command to this device. If it is one that steers a helper
    /// device (`SetDefective`, `SetDelayInfo`, `SetDelay`, `AddTransition`, `SetDirectHealthState`),
    /// that is undone after the scenario, if the device has the command for it; nothing else is.
    pub fn undo_afterwards(&mut self, device: &TracedDevice, command: &str) {
        self.undone.sent(device, command);
    }

    /// Switches the telescope, which goes back afterwards to what the scenario found it in.
    ///
    /// # Errors
    /// [`SessionError::NoTelescope`], [`SessionError::Switch`].
    pub async fn switch(&mut self, target: TelescopeState) -> Result<Switched, SessionError> {
        let telescope = self.telescope()?;
        let (found, switching) = (telescope.state().await?, telescope.switch(target));
        if found != target.device_state() {
            // also if it fails: it may have got half way
            self.undone.switched_from(found);
        }
        Ok(switching.await?)
    }

    /// Makes the telescope one that can be tested: every device ONLINE, and ON. It goes back
    /// afterwards to what the scenario found it in; devices stay ONLINE.
    ///
    /// # Errors
    /// [`SessionError::NoTelescope`], [`SessionError::Switch`].
    pub async fn bring_on(&mut self) -> Result<Switched, SessionError> {
        let telescope = self.telescope()?;
        let (found, switching) = (telescope.state().await?, telescope.bring_on());
        if found != TelescopeState::On.device_state() {
            self.undone.switched_from(found);
        }
        Ok(switching.await?)
    }
}
