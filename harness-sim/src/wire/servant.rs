//! The device as a device server serves it.

use std::future::ready;
use std::sync::Arc;

use harness_tango::control_model::{self, AdminMode, HealthState, ObsState};
use tango_wire::server::{BoxFuture, ReadingToServe, Servant};
use tango_wire::types::{AttributeConfig, CommandInfo, DevFailed, DevState, Value};

use super::control::Control;
use super::{Line, attributes, commands, failures, values};
use crate::attribute::{Attribute, AttributeValue};
use crate::dish::{Band, DishMode, PointingState};
use crate::live::DeviceHandle;
use crate::model::Manners;

/// A simulated device behind a device server.
#[derive(Debug)]
pub(super) struct DeviceServant {
    device: DeviceHandle,
    line: Arc<Line>,
    class: &'static str,
    attributes: Vec<Attribute>,
}

impl DeviceServant {
    pub(super) fn new(device: DeviceHandle, line: Arc<Line>) -> DeviceServant {
        DeviceServant {
            line,
            class: device.class(),
            attributes: device.attributes(),
            device,
        }
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
                    .device
                    .submit(name, text)
                    .map_err(|refusal| failures::refused(&refusal))?;
                if self.device.commands().manners() == Manners::Plain {
                    return Ok(Value::Void);
                }
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
        let obs_state = || {
            let obs_state = ObsState::try_from(number()?);
            obs_state.map_err(|error| failures::bad_argument(name, &error))
        };
        let device = &self.device;
        let bad = |error: &dyn std::error::Error| failures::bad_argument(name, error);
        match control {
            Control::SetDefective => device.set_defective(text()?).map_err(|error| bad(&error))?,
            Control::SetDelayInfo => device.set_delays(text()?).map_err(|error| bad(&error))?,
            Control::ResetDelayInfo => device.reset_delays(),
            Control::SetDelay => {
                let seconds = u32::try_from(number()?).map_err(|error| bad(&error))?;
                device
                    .set_delay_of_all(seconds)
                    .map_err(|error| bad(&error))?;
            }
            Control::AddTransition => device.set_script(text()?).map_err(|error| bad(&error))?,
            Control::ResetTransitions => device.reset_script(),
            Control::SetDirectObsState => device.set_direct_obs_state(obs_state()?),
            Control::SetDirectState => {
                let state = control_model::DevState::try_from(number()?);
                device.set_state(state.map_err(|error| bad(&error))?);
            }
            Control::SetDirectHealthState => {
                let health_state = HealthState::try_from(number()?);
                device.set_health_state(health_state.map_err(|error| bad(&error))?);
            }
            Control::SetAdminMode => {
                let admin_mode = AdminMode::try_from(number()?);
                device.set_admin_mode(admin_mode.map_err(|error| bad(&error))?);
            }
            Control::SetDirectDishMode => {
                let mode = DishMode::from_number(number()?);
                self.set(control, name, mode.map(AttributeValue::DishMode))?;
            }
            Control::SetDirectPointingState => {
                let pointing = PointingState::from_number(number()?);
                self.set(control, name, pointing.map(AttributeValue::PointingState))?;
            }
            Control::SetDirectConfiguredBand => {
                let band = Band::from_number(number()?);
                self.set(control, name, band.map(AttributeValue::Band))?;
            }
            Control::SetCspSubarrayLeafNodeObsState
            | Control::SetSdpSubarrayLeafNodeObsState
            | Control::SetMccsSubarrayLeafNodeObsState => {
                let obs_state = AttributeValue::ObsState(obs_state()?);
                self.set(control, name, Some(obs_state))?;
            }
            Control::SetSubsystemAvailable => {
                let available = match argument {
                    Value::Bool(available) => *available,
                    _ => return Err(failures::wrong_type(name, "a DevBoolean")),
                };
                self.set(control, name, Some(AttributeValue::Flag(available)))?;
            }
            Control::SetDirectreceiveAddresses => {
                let addresses = AttributeValue::Text(text()?.into());
                self.set(control, name, Some(addresses))?;
            }
            Control::ClearCommandCallInfo => device.clear_calls(),
            Control::CheckLongRunningCommandStatus => {
                let status = device.command_status(text()?);
                return Ok(Value::String(status.label().to_owned()));
            }
        }
        Ok(Value::Void)
    }

    /// Sets an attribute that only some devices have; the value is missing if the client sent a
    /// number that is none of the attribute's.
    fn set(
        &self,
        control: Control,
        name: &str,
        value: Option<AttributeValue>,
    ) -> Result<(), DevFailed> {
        let done = value
            .zip(control.sets())
            .is_some_and(|(value, attribute)| self.device.set_direct(attribute, &value));
        done.then_some(())
            .ok_or_else(|| failures::wrong_type(name, "a number of that enumeration"))
    }

    fn write_attribute(&self, name: &str, value: &Value) -> Result<(), DevFailed> {
        if Attribute::from_name(name) != Some(Attribute::AdminMode) {
            return Err(failures::no_such_attribute(name, "API_AttrNotWritable"));
        }
        let number = values::number(value).ok_or_else(|| failures::wrong_type(name, "a number"))?;
        let admin_mode =
            AdminMode::try_from(number).map_err(|error| failures::bad_argument(name, &error))?;
        self.device.set_admin_mode(admin_mode);
        Ok(())
    }
}

impl Servant for DeviceServant {
    fn class(&self) -> String {
        self.class.to_owned()
    }

    fn commands(&self) -> Vec<CommandInfo> {
        commands::infos(self.device.commands(), &self.attributes)
    }

    fn attributes(&self) -> Vec<AttributeConfig> {
        attributes::configurations(&self.attributes)
    }

    fn state(&self) -> DevState {
        values::state_to_wire(self.device.state())
    }

    fn init(&self) -> BoxFuture<'_, Result<(), DevFailed>> {
        self.device.init();
        Box::pin(ready(Ok(())))
    }

    fn ready(&self) -> Option<BoxFuture<'_, ()>> {
        self.line.silence().wait()
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
            Some(attribute) => Ok(reading(attribute, self.device.read(attribute))),
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
