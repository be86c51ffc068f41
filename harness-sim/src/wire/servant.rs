//! The subarray as a device server serves it.

use std::future::ready;

use harness_tango::control_model::{AdminMode, HealthState, ObsState};
use tango_wire::server::{BoxFuture, ReadingToServe, Servant};
use tango_wire::types::{AttributeConfig, CommandInfo, DevFailed, DevState, Value};

use super::commands::Control;
use super::{attributes, commands, failures, values};
use crate::attribute::{Attribute, AttributeValue};
use crate::live::SubarrayHandle;

/// A simulated subarray behind a device server.
#[derive(Debug)]
pub(crate) struct SubarrayServant {
    subarray: SubarrayHandle,
}

impl SubarrayServant {
    pub(crate) const fn new(subarray: SubarrayHandle) -> SubarrayServant {
        SubarrayServant { subarray }
    }

    fn run(&self, name: &str, argument: &Value) -> Result<Value, DevFailed> {
        match Control::from_name(name) {
            Some(control) => self.control(control, name, argument),
            None => {
                let text = match argument {
                    Value::String(text) => text.as_str(),
                    _ => "",
                };
                let reply = self
                    .subarray
                    .submit(name, text)
                    .map_err(|refusal| failures::refused(&refusal))?;
                // result codes are 0 to 7
                let code = i32::try_from(reply.code.number()).unwrap_or(i32::MAX);
                Ok(Value::LongStrings(vec![code], vec![reply.text]))
            }
        }
    }

    fn control(&self, control: Control, name: &str, argument: &Value) -> Result<Value, DevFailed> {
        let text = || match argument {
            Value::String(text) => Ok(text.as_str()),
            _ => Err(failures::wrong_type(name, "a DevString")),
        };
        let number =
            || values::number(argument).ok_or_else(|| failures::wrong_type(name, "a number"));
        match control {
            Control::SetDefective => self
                .subarray
                .set_defective(text()?)
                .map_err(|error| failures::bad_argument(name, &error))?,
            Control::SetDelayInfo => self
                .subarray
                .set_delays(text()?)
                .map_err(|error| failures::bad_argument(name, &error))?,
            Control::ResetDelayInfo => self.subarray.reset_delays(),
            Control::SetDirectObsState => {
                let obs_state = ObsState::try_from(number()?)
                    .map_err(|error| failures::bad_argument(name, &error))?;
                self.subarray.force_obs_state(obs_state);
            }
            Control::SetDirectHealthState => {
                let health_state = HealthState::try_from(number()?)
                    .map_err(|error| failures::bad_argument(name, &error))?;
                self.subarray.set_health_state(health_state);
            }
            Control::ClearCommandCallInfo => self.subarray.clear_calls(),
            Control::CheckLongRunningCommandStatus => {
                let status = self.subarray.command_status(text()?);
                return Ok(Value::String(status.label().to_owned()));
            }
        }
        Ok(Value::Void)
    }

    fn write_attribute(&self, name: &str, value: &Value) -> Result<(), DevFailed> {
        if Attribute::from_name(name) != Some(Attribute::AdminMode) {
            return Err(failures::no_such_attribute(name, "API_AttrNotWritable"));
        }
        let number = values::number(value).ok_or_else(|| failures::wrong_type(name, "a number"))?;
        let admin_mode =
            AdminMode::try_from(number).map_err(|error| failures::bad_argument(name, &error))?;
        self.subarray.set_admin_mode(admin_mode);
        Ok(())
    }
}

impl Servant for SubarrayServant {
    fn class(&self) -> String {
        "SimulatedSubarray".to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        commands::infos(self.subarray.commands())
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        attributes::configurations()
    }

    fn state(&self) -> DevState {
        values::state_to_wire(self.subarray.state())
    }

    fn command<'a>(
        &'a self,
        name: &'a str,
        argument: Value,
    ) -> BoxFuture<'a, Result<Value, DevFailed>> {
        Box::pin(ready(self.run(name, &argument)))
    }

    fn read<'a>(&'a self, attribute: &'a str) -> BoxFuture<'a, Result<ReadingToServe, DevFailed>> {
        let reading = match Attribute::from_name(attribute) {
            Some(attribute) => Ok(reading(attribute, self.subarray.read(attribute))),
            None => Err(failures::no_such_attribute(attribute, "API_AttrNotFound")),
        };
        Box::pin(ready(reading))
    }

    fn write<'a>(
        &'a self,
        attribute: &'a str,
        value: Value,
    ) -> BoxFuture<'a, Result<(), DevFailed>> {
        Box::pin(ready(self.write_attribute(attribute, &value)))
    }
}

/// A value as an answer to a read, or as an event.
pub(super) fn reading(attribute: Attribute, value: AttributeValue) -> ReadingToServe {
    let value = values::to_wire(value);
    match attribute {
        Attribute::CommandCallInfo => ReadingToServe::new(value).with_columns(2),
        Attribute::AdminMode => ReadingToServe::new(value.clone()).with_set_point(value),
        _ => ReadingToServe::new(value),
    }
}
