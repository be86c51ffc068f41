//! Guards that undo what a tester did to a subarray.

use harness_tango::control_model::ObsState;

use super::{DeviceHandle, SubarrayHandle};
use crate::defect::DefectId;

/// Keeps a defect on; dropping it takes the defect back. A command that is stuck because of it
/// stays stuck.
#[derive(Debug)]
#[must_use = "dropping the guard takes the defect back"]
pub struct DefectGuard {
    device: DeviceHandle,
    id: Option<DefectId>,
}

impl DefectGuard {
    pub(super) const fn new(device: DeviceHandle, id: DefectId) -> DefectGuard {
        DefectGuard {
            device,
            id: Some(id),
        }
    }

    /// Leaves the defect on for good, or until it is used up.
    pub fn forget(mut self) {
        self.id = None;
    }
}

impl Drop for DefectGuard {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.device.with(|device, _| device.remove_defect(id));
        }
    }
}

/// Remembers the obsState from which a subarray was taken; dropping it puts the subarray back,
/// unless something has moved it meanwhile.
#[derive(Debug)]
#[must_use = "dropping the guard puts the subarray back into the obsState it was in"]
pub struct ObsStateGuard {
    subarray: SubarrayHandle,
    before: Option<ObsState>,
    forced: ObsState,
}

impl ObsStateGuard {
    pub(super) fn new(subarray: SubarrayHandle, before: ObsState, forced: ObsState) -> Self {
        ObsStateGuard {
            subarray,
            before: Some(before),
            forced,
        }
    }

    /// Leaves the subarray in the obsState.
    pub fn forget(mut self) {
        self.before = None;
    }
}

impl Drop for ObsStateGuard {
    fn drop(&mut self) {
        if let Some(before) = self.before {
            self.subarray.with(|device, now| {
                device.advance(now);
                if device.obs_state() == Some(self.forced) {
                    device.force_obs_state(before, now);
                }
            });
        }
    }
}
