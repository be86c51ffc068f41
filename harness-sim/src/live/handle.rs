//! What a tester in the same process holds of a simulated subarray.

use std::sync::Arc;

use harness_tango::control_model::{AdminMode, DevState, HealthState, ObsState, TaskStatus};

use super::driver::{Shared, drive};
use super::{DefectGuard, ObsStateGuard, SubarrayFault};
use crate::attribute::{Attribute, AttributeValue};
use crate::defect::{Defect, DefectError, DefectKind};
use crate::model::{CommandTable, DelaysError, Progression};
use crate::subarray::{Refusal, Reply, SimulatedSubarray};

/// A simulated subarray that lives. Clones are the same subarray.
///
/// What a tester does to it here, a client can do over Tango, too; here it ends by itself, when
/// its guard is dropped.
#[derive(Clone, Debug)]
pub struct SubarrayHandle {
    pub(super) shared: Arc<Shared>,
}

impl SubarrayHandle {
    /// Lets a subarray live, in a task of the present tokio runtime, until the last handle is
    /// dropped.
    #[must_use]
    pub(crate) fn spawn(subarray: SimulatedSubarray) -> SubarrayHandle {
        let shared = Arc::new(Shared::new(subarray));
        tokio::spawn(drive(Arc::downgrade(&shared)));
        SubarrayHandle { shared }
    }

    /// The name of the device.
    #[must_use]
    pub fn name(&self) -> String {
        self.shared.with(|subarray, _| subarray.name().to_owned())
    }

    /// The observation state. Looking here is not a read that a command may be waiting for.
    #[must_use]
    pub fn obs_state(&self) -> ObsState {
        self.shared.with(|subarray, _| subarray.obs_state())
    }

    /// The commands that were received and neither refused nor malformed, with their arguments,
    /// the last hundred.
    #[must_use]
    pub fn calls(&self) -> Vec<(String, String)> {
        self.shared.with(|subarray, _| {
            let calls = subarray.calls().into_iter();
            calls
                .map(|[command, argument]| (command.to_string(), argument.to_string()))
                .collect()
        })
    }

    /// Forgets the commands that were received.
    pub fn clear_calls(&self) {
        self.shared.with(|subarray, _| subarray.clear_calls());
    }

    /// A command never ends any more, once it has begun. What is stuck stays so after the guard is
    /// dropped, until Abort or Restart, or until [`set_obs_state`](Self::set_obs_state).
    ///
    /// # Errors
    ///
    /// [`DefectError::UnknownCommand`] if the subarray does not have the command.
    pub fn stick(&self, command: &str) -> Result<DefectGuard, DefectError> {
        self.switch_on(Defect::new(DefectKind::StuckInIntermediateState).of(command))
    }

    /// A command fails the next time it is accepted: its result is FAILED with this message, and
    /// the subarray stays in the transient state.
    ///
    /// # Errors
    ///
    /// [`DefectError::UnknownCommand`] if the subarray does not have the command.
    pub fn fail_next(&self, command: &str, message: &str) -> Result<DefectGuard, DefectError> {
        let defect = Defect::new(DefectKind::LongRunningException);
        self.switch_on(defect.of(command).saying(message).times(1))
    }

    /// A command is refused with an exception the next time it would be accepted.
    ///
    /// # Errors
    ///
    /// [`DefectError::UnknownCommand`] if the subarray does not have the command.
    pub fn refuse_next(&self, command: &str, message: &str) -> Result<DefectGuard, DefectError> {
        let defect = Defect::new(DefectKind::NotAllowedBeforeQueuing);
        self.switch_on(defect.of(command).saying(message).times(1))
    }

    /// Switches any defect on, until the guard is dropped.
    ///
    /// # Errors
    ///
    /// [`DefectError::UnknownCommand`] if the subarray does not have the command.
    pub fn switch_on(&self, defect: Defect) -> Result<DefectGuard, DefectError> {
        let id = self
            .shared
            .with(|subarray, _| subarray.add_defect(defect))?;
        Ok(DefectGuard::new(self.clone(), id))
    }

    /// A defect as a fault that a scenario, an exploration or a load can start and stop.
    #[must_use]
    pub fn fault(&self, defect: Defect) -> SubarrayFault {
        SubarrayFault::new(self.clone(), defect)
    }

    /// Puts the subarray into an obsState, whatever it was in. When the guard is dropped it goes
    /// back to where it was, unless something has moved it meanwhile.
    pub fn set_obs_state(&self, obs_state: ObsState) -> ObsStateGuard {
        let before = self.shared.with(|subarray, now| {
            let before = subarray.obs_state();
            subarray.force_obs_state(obs_state, now);
            before
        });
        ObsStateGuard::new(self.clone(), before, obs_state)
    }

    /// Sets how well the device is.
    pub fn set_health_state(&self, health_state: HealthState) {
        self.shared
            .with(|subarray, _| subarray.set_health_state(health_state));
    }

    /// Sets when the next executions of a command get done.
    pub fn set_delay(&self, command: &str, progression: Progression) {
        self.shared
            .with(|subarray, _| subarray.set_delay(command, progression));
    }

    /// Goes back to the delays that the telescope was started with.
    pub fn reset_delays(&self) {
        self.shared.with(|subarray, _| subarray.reset_delays());
    }

    pub(crate) fn commands(&self) -> CommandTable {
        self.shared.with(|subarray, _| subarray.commands())
    }

    pub(crate) fn state(&self) -> DevState {
        self.shared.with(|subarray, _| subarray.state())
    }

    pub(crate) fn read(&self, attribute: Attribute) -> AttributeValue {
        self.shared
            .with(|subarray, now| subarray.read(attribute, now))
    }

    pub(crate) fn submit(&self, command: &str, argument: &str) -> Result<Reply, Refusal> {
        self.shared
            .with(|subarray, now| subarray.submit(command, argument, now))
    }

    pub(crate) fn command_status(&self, id: &str) -> TaskStatus {
        self.shared.with(|subarray, now| {
            subarray.advance(now);
            subarray.command_status(id)
        })
    }

    pub(crate) fn force_obs_state(&self, obs_state: ObsState) {
        self.shared
            .with(|subarray, now| subarray.force_obs_state(obs_state, now));
    }

    pub(crate) fn set_admin_mode(&self, admin_mode: AdminMode) {
        self.shared
            .with(|subarray, _| subarray.set_admin_mode(admin_mode));
    }

    pub(crate) fn set_defective(&self, text: &str) -> Result<(), DefectError> {
        self.shared.with(|subarray, _| subarray.set_defective(text))
    }

    pub(crate) fn set_delays(&self, text: &str) -> Result<(), DelaysError> {
        self.shared.with(|subarray, _| subarray.set_delays(text))
    }
}
