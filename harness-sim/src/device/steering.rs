//! What a tester can do to a device.

use harness_tango::control_model::{AdminMode, DevState, HealthState, ObsState};
use tokio::time::Instant;

use super::SimulatedDevice;
use super::delays::{scope_of, transition};
use super::script::{ScriptError, read_script};
use crate::attribute::{Attribute, AttributeValue};
use crate::defect::{Defect, DefectError, DefectId};
use crate::model::{Delays, DelaysError, Progression};
use crate::transition::{Cause, SetError};

impl SimulatedDevice {
    /// Forgets the commands that were received.
    pub fn clear_calls(&mut self) {
        self.base.calls.clear();
        self.base.publish(Attribute::CommandCallInfo);
    }

    /// Puts the device into an obsState, whatever it was in; nothing if it has none. A command that
    /// is under way goes on and fails if it does not fit any more; one that is stuck is ended as if
    /// aborted.
    pub fn force_obs_state(&mut self, obs_state: ObsState, now: Instant) {
        self.advance(now);
        self.base.cause = Cause::Injected;
        self.kind.force(&self.base, obs_state);
        self.end_stuck(now);
        self.settle(now);
    }

    /// Goes back to how it began, as Tango's Init has it: what is under way is aborted. Only
    /// controllers and subarrays of subsystems do; nothing happens to others.
    pub fn init(&mut self, now: Instant) {
        self.advance(now);
        self.base.cause = Cause::Injected;
        if self.kind.init(&self.base) {
            self.end_all(now);
            self.base.reset();
        }
        self.settle(now);
    }

    /// Sets how the device is administered. Commands are refused unless it is ONLINE or
    /// ENGINEERING.
    pub fn set_admin_mode(&mut self, admin_mode: AdminMode) {
        self.base.set_admin_mode(admin_mode);
    }

    /// Sets the state of the device, as far as it is controlled.
    pub fn set_state(&mut self, state: DevState) {
        self.base.set_state(state);
    }

    /// Sets how well the device is.
    pub fn set_health_state(&mut self, health_state: HealthState) {
        self.base.set_health_state(health_state);
    }

    /// Sets an attribute that only devices of this kind have; whether it can be set.
    pub(crate) fn set(&mut self, attribute: Attribute, value: &AttributeValue) -> bool {
        self.kind.set(&self.base, attribute, value)
    }

    /// Switches a defect on.
    ///
    /// # Errors
    ///
    /// [`DefectError::UnknownCommand`] if it is of a command that the device does not have.
    pub fn add_defect(&mut self, defect: Defect) -> Result<DefectId, DefectError> {
        let id = self.base.defects.add(defect, &self.command_names())?;
        self.base.publish(Attribute::Defective);
        Ok(id)
    }

    /// Takes a defect back. A command that it has made stuck stays stuck.
    pub fn remove_defect(&mut self, id: DefectId) {
        if self.base.defects.remove(id) {
            self.base.publish(Attribute::Defective);
        }
    }

    /// Follows the JSON of `SetDefective`: [`Defects::set_from_json`](crate::defect::Defects::set_from_json).
    ///
    /// # Errors
    ///
    /// [`DefectError`] if the text is no defect; nothing has changed.
    pub fn set_defective(&mut self, text: &str) -> Result<(), DefectError> {
        let commands = self.command_names();
        self.base.defects.set_from_json(text, &commands)?;
        self.base.publish(Attribute::Defective);
        Ok(())
    }

    /// Sets when the executions of a command get done.
    ///
    /// # Errors
    ///
    /// [`SetError`] if the device does not have the command; nothing has changed.
    pub fn set_delay(&mut self, command: &str, progression: Progression) -> Result<(), SetError> {
        let scope = scope_of(&self.base.instance, command);
        self.transitions().set(&scope, transition(progression))?;
        self.base.publish(Attribute::CommandDelayInfo);
        Ok(())
    }

    /// Follows the JSON of `SetDelayInfo`: [`Delays::set_from_json`].
    ///
    /// # Errors
    ///
    /// [`DelaysError`] if the text holds no delays, or names a command that the device does not
    /// have; nothing has changed.
    pub fn set_delays(&mut self, text: &str) -> Result<(), DelaysError> {
        let mut delays = Delays::new(Progression::Immediate);
        delays.set_from_json(text)?;
        // all names are looked at before anything changes
        for (command, _) in delays.each() {
            self.transitions()
                .effective(&scope_of(&self.base.instance, command))?;
        }
        for (command, progression) in delays.each() {
            self.set_delay(command, progression)?;
        }
        Ok(())
    }

    /// Goes back to the delays that the device was made with: takes back what was set for each of
    /// its commands.
    pub fn reset_delays(&mut self) {
        for command in self.command_names() {
            let scope = scope_of(&self.base.instance, command);
            // the device has it
            self.transitions().unset(&scope).ok();
        }
        self.base.publish(Attribute::CommandDelayInfo);
    }

    /// Follows the JSON of `AddTransition`: the next commands play these obsStates instead of
    /// theirs, `[["READY", 2], ["IDLE", 1]]` with the seconds that each is shown.
    ///
    /// # Errors
    ///
    /// [`ScriptError`] if the text is no such list; nothing has changed.
    pub fn set_script(&mut self, text: &str) -> Result<(), ScriptError> {
        self.base.script = read_script(text)?;
        self.base.publish(Attribute::ObsStateTransitionDuration);
        Ok(())
    }

    /// Goes back to the ordinary obsStates.
    pub fn reset_script(&mut self) {
        self.base.script.clear();
        self.base.publish(Attribute::ObsStateTransitionDuration);
    }

    fn command_names(&self) -> Vec<&'static str> {
        let rules = self.base.table.rules().iter();
        rules.map(|rule| rule.command).collect()
    }
}
