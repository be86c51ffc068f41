//! What there is to see of a device.

use std::sync::Arc;

use harness_tango::control_model::{AdminMode, DevState, HealthState, ObsState};

use crate::attribute::{Attribute, AttributeValue};
use crate::device::SimulatedDevice;

/// What there is to see of a device at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeviceStatus {
    /// Its name.
    pub name: Arc<str>,
    /// The name of its class.
    pub class: &'static str,
    /// The kind of device whose transitions a tester can set, as `csp::subarray`.
    pub model: &'static str,
    /// The state that every device has.
    pub state: DevState,
    /// How it is administered.
    pub admin_mode: AdminMode,
    /// How well it is.
    pub health_state: HealthState,
    /// The observation state, if it has one.
    pub obs_state: Option<ObsState>,
    /// What only devices of its kind have, for example the mode of a dish.
    pub particulars: Vec<(Attribute, AttributeValue)>,
    /// The commands that it received last, with their arguments, at most a hundred.
    pub recent_commands: Vec<[Arc<str>; 2]>,
}

impl DeviceStatus {
    pub(super) fn of(device: &SimulatedDevice) -> DeviceStatus {
        DeviceStatus {
            name: device.shared_name(),
            class: device.class(),
            model: device.model(),
            state: device.state(),
            admin_mode: device.admin_mode(),
            health_state: device.health_state(),
            obs_state: device.obs_state(),
            particulars: device
                .own_attributes()
                .iter()
                .map(|attribute| (*attribute, device.value(*attribute)))
                .collect(),
            recent_commands: device.calls(),
        }
    }
}
