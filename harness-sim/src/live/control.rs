//! What the wire does to a device.

use harness_tango::control_model::{ObsState, TaskStatus};

use super::DeviceHandle;
use crate::attribute::{Attribute, AttributeValue};
use crate::defect::DefectError;
use crate::device::ScriptError;
use crate::model::{CommandTable, DelaysError};

impl DeviceHandle {
    pub(crate) fn class(&self) -> &'static str {
        self.with(|device, _| device.class())
    }

    pub(crate) fn commands(&self) -> CommandTable {
        self.with(|device, _| device.commands())
    }

    pub(crate) fn attributes(&self) -> Vec<Attribute> {
        self.with(|device, _| device.attributes().collect())
    }

    pub(crate) fn read(&self, attribute: Attribute) -> AttributeValue {
        self.with(|device, now| device.read(attribute, now))
    }

    /// Several values as of the same moment. Looking here is not a read.
    pub(crate) fn values<const N: usize>(&self, attributes: [Attribute; N]) -> [AttributeValue; N] {
        self.with(|device, _| attributes.map(|attribute| device.value(attribute)))
    }

    /// Reads the attribute whose reads count, as a client does.
    pub(crate) fn tick(&self) {
        self.with(|device, now| {
            if let Some(attribute) = device.watched() {
                device.read(attribute, now);
            }
        });
    }

    pub(crate) fn command_status(&self, id: &str) -> TaskStatus {
        self.with(|device, _| device.command_status(id))
    }

    pub(crate) fn set_direct_obs_state(&self, obs_state: ObsState) {
        self.force_obs_state(obs_state);
    }

    /// Sets an attribute that only devices of its kind have; whether it can be set.
    pub(crate) fn set_direct(&self, attribute: Attribute, value: &AttributeValue) -> bool {
        self.with(|device, _| device.set(attribute, value))
    }

    pub(crate) fn set_defective(&self, text: &str) -> Result<(), DefectError> {
        self.with(|device, _| device.set_defective(text))
    }

    pub(crate) fn set_delays(&self, text: &str) -> Result<(), DelaysError> {
        self.with(|device, now| {
            device.set_delays(text)?;
            device.advance(now);
            Ok(())
        })
    }

    pub(crate) fn set_delay_of_all(&self, seconds: u32) -> Result<(), DelaysError> {
        let commands = self.commands().rules().iter().map(|rule| rule.command);
        let delays: serde_json::Map<_, _> = commands
            .map(|command| (command.to_owned(), seconds.into()))
            .collect();
        self.set_delays(&serde_json::Value::Object(delays).to_string())
    }

    pub(crate) fn set_script(&self, text: &str) -> Result<(), ScriptError> {
        self.with(|device, _| device.set_script(text))
    }

    pub(crate) fn reset_script(&self) {
        self.with(|device, _| device.reset_script());
    }
}
