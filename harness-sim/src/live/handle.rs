//! What a tester in the same process holds of a simulated device.

use std::sync::Arc;

use harness_tango::control_model::{AdminMode, DevState, HealthState, ObsState};
use tokio::time::Instant;

use super::{DefectGuard, DeviceFault, SubarrayHandle};
use crate::attribute::{Attribute, AttributeValue};
use crate::defect::{Defect, DefectError, DefectKind};
use crate::device::{DeviceId, Refusal, Reply, SimulatedDevice};
use crate::model::Progression;
use crate::transition::{SetError, TransitionController};
use crate::world::Shared;

/// A simulated device that lives. Clones are the same device.
///
/// What a tester does to it here, a client can do over Tango, too; here it ends by itself, when
/// its guard is dropped.
#[derive(Clone, Debug)]
pub struct DeviceHandle {
    pub(super) shared: Arc<Shared>,
    pub(super) id: DeviceId,
    name: Arc<str>,
}

impl DeviceHandle {
    /// The device with this number, which the world has.
    pub(crate) fn new(shared: Arc<Shared>, id: DeviceId) -> DeviceHandle {
        let name = shared.with(|world| world.with(id, |device, _| device.shared_name()));
        DeviceHandle {
            shared,
            id,
            name: name.unwrap_or_default(),
        }
    }

    /// Does something with the device, at the present time.
    #[expect(
        clippy::expect_used,
        reason = "no device ever leaves its world, and handles are made for devices that are there"
    )]
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut SimulatedDevice, Instant) -> T) -> T {
        self.shared
            .with(|world| world.with(self.id, act))
            .expect("the world has the device")
    }

    /// The name of the device.
    #[must_use]
    pub fn name(&self) -> String {
        self.name.as_ref().to_owned()
    }

    pub(super) fn device_name(&self) -> &str {
        &self.name
    }

    /// The device as a subarray; [`None`] if it has no obsState.
    #[must_use]
    pub fn subarray(&self) -> Option<SubarrayHandle> {
        let has_one = self.with(|device, _| device.obs_state().is_some());
        has_one.then(|| SubarrayHandle::new(self.clone()))
    }

    /// The state that every device has.
    #[must_use]
    pub fn state(&self) -> DevState {
        self.with(|device, _| device.state())
    }

    /// The value of an attribute. Looking here is not a read that a command may be waiting for.
    #[must_use]
    pub fn value(&self, attribute: Attribute) -> AttributeValue {
        self.with(|device, _| device.value(attribute))
    }

    /// Gives the device a command, as a client does.
    ///
    /// # Errors
    ///
    /// [`Refusal`] where the device raises an exception. A [`Reply`] can be a rejection, too.
    pub fn submit(&self, command: &str, argument: &str) -> Result<Reply, Refusal> {
        self.with(|device, now| device.submit(command, argument, now))
    }

    /// The commands that were received and neither refused nor malformed, with their arguments,
    /// the last hundred.
    #[must_use]
    pub fn calls(&self) -> Vec<(String, String)> {
        let calls = self.with(|device, _| device.calls()).into_iter();
        calls
            .map(|[command, argument]| (command.to_string(), argument.to_string()))
            .collect()
    }

    /// Forgets the commands that were received.
    pub fn clear_calls(&self) {
        self.with(|device, _| device.clear_calls());
    }

    /// A command never ends any more, once it has begun. What is stuck stays so after the guard is
    /// dropped, until Abort or Restart, or until an obsState is set.
    ///
    /// # Errors
    ///
    /// [`DefectError::UnknownCommand`] if the device does not have the command.
    pub fn stick(&self, command: &str) -> Result<DefectGuard, DefectError> {
        self.switch_on(Defect::new(DefectKind::StuckInIntermediateState).of(command))
    }

    /// A command fails the next time it is accepted: its result is FAILED with this message, and
    /// the device stays in the transient state.
    ///
    /// # Errors
    ///
    /// [`DefectError::UnknownCommand`] if the device does not have the command.
    pub fn fail_next(&self, command: &str, message: &str) -> Result<DefectGuard, DefectError> {
        let defect = Defect::new(DefectKind::LongRunningException);
        self.switch_on(defect.of(command).saying(message).times(1))
    }

    /// A command is refused with an exception the next time it would be accepted.
    ///
    /// # Errors
    ///
    /// [`DefectError::UnknownCommand`] if the device does not have the command.
    pub fn refuse_next(&self, command: &str, message: &str) -> Result<DefectGuard, DefectError> {
        let defect = Defect::new(DefectKind::NotAllowedBeforeQueuing);
        self.switch_on(defect.of(command).saying(message).times(1))
    }

    /// Switches any defect on, until the guard is dropped.
    ///
    /// # Errors
    ///
    /// [`DefectError::UnknownCommand`] if the device does not have the command.
    pub fn switch_on(&self, defect: Defect) -> Result<DefectGuard, DefectError> {
        let id = self.with(|device, _| device.add_defect(defect))?;
        Ok(DefectGuard::new(self.clone(), id))
    }

    /// A defect as a fault that a scenario, an exploration or a load can start and stop.
    #[must_use]
    pub fn fault(&self, defect: Defect) -> DeviceFault {
        DeviceFault::new(self.clone(), defect)
    }

    /// Sets the state of the device, as far as it is controlled.
    pub fn set_state(&self, state: DevState) {
        self.with(|device, _| device.set_state(state));
    }

    /// Goes back to how it began, as Tango's Init has it: what is under way is aborted. Only
    /// controllers and subarrays of subsystems do; nothing happens to others.
    pub fn init(&self) {
        self.with(|device, now| device.init(now));
    }

    /// Sets how the device is administered. Commands are refused unless it is ONLINE or
    /// ENGINEERING.
    pub fn set_admin_mode(&self, admin_mode: AdminMode) {
        self.with(|device, _| device.set_admin_mode(admin_mode));
    }

    /// Sets how well the device is.
    pub fn set_health_state(&self, health_state: HealthState) {
        self.with(|device, _| device.set_health_state(health_state));
    }

    /// Sets when the executions of a command get done, under way or to come.
    ///
    /// # Errors
    ///
    /// [`SetError`] if the device does not have the command.
    pub fn set_delay(&self, command: &str, progression: Progression) -> Result<(), SetError> {
        self.with(|device, now| {
            device.set_delay(command, progression)?;
            device.advance(now);
            Ok(())
        })
    }

    /// Goes back to the delays that the telescope was started with.
    pub fn reset_delays(&self) {
        self.with(|device, _| device.reset_delays());
    }

    /// When and how transitions end, of this device and all others of its telescope.
    #[must_use]
    pub fn transitions(&self) -> TransitionController {
        self.with(|device, _| device.transitions().clone())
    }

    pub(super) fn force_obs_state(&self, obs_state: ObsState) {
        self.with(|device, now| device.force_obs_state(obs_state, now));
    }
}
