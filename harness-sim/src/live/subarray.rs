//! What a tester in the same process holds of a simulated subarray.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use harness_tango::control_model::ObsState;

use super::{DeviceHandle, ObsStateGuard};
use crate::attribute::Attribute;
use crate::wire_fault::{EventFault, WireFaultError};
use crate::zoo::{BugGuard, PlantedBug};

/// How late events are that a bug makes late.
const LATE: Duration = Duration::from_secs(2);

/// A simulated subarray that lives: a [`DeviceHandle`], and an obsState. Clones are the same
/// subarray.
#[derive(Clone, Debug)]
pub struct SubarrayHandle {
    device: DeviceHandle,
}

impl SubarrayHandle {
    /// The device must be one that has an obsState.
    pub(crate) const fn new(device: DeviceHandle) -> SubarrayHandle {
        SubarrayHandle { device }
    }

    /// The observation state. Looking here is not a read that a command may be waiting for.
    #[must_use]
    pub fn obs_state(&self) -> ObsState {
        let obs_state = self.device.with(|device, _| device.obs_state());
        obs_state.unwrap_or(ObsState::Empty)
    }

    /// Puts the subarray into an obsState, whatever it was in. When the guard is dropped it goes
    /// back to where it was, unless something has moved it meanwhile.
    pub fn set_obs_state(&self, obs_state: ObsState) -> ObsStateGuard {
        let before = self.obs_state();
        self.device.force_obs_state(obs_state);
        ObsStateGuard::new(self.clone(), before, obs_state)
    }

    /// Plants a bug in the subarray, until the guard is dropped. Subarrays that observe themselves have
    /// them: those that are alone, and those of subsystems.
    ///
    /// # Errors
    ///
    /// [`WireFaultError`] for a bug of how events are sent, if the device is not served.
    pub fn plant(&self, bug: PlantedBug) -> Result<BugGuard, WireFaultError> {
        if bug == PlantedBug::LateEvent {
            let late = EventFault::late(LATE).of(Attribute::ObsState);
            return self.device.disturb_events(late).map(BugGuard::of_events);
        }
        let on = Arc::new(AtomicBool::new(true));
        self.device
            .with(|device, _| device.plant(bug, Arc::clone(&on)));
        Ok(BugGuard::of_program(on))
    }
}

impl Deref for SubarrayHandle {
    type Target = DeviceHandle;

    fn deref(&self) -> &DeviceHandle {
        &self.device
    }
}
