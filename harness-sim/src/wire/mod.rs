//! A simulated device as a Tango device: its commands, attributes, values and errors as they
//! travel.

mod attributes;
mod bursts;
mod commands;
mod control;
mod failures;
mod port;
mod servant;
mod values;

pub(crate) use bursts::EventBursts;
pub(crate) use port::EventPort;
pub(crate) use servant::DeviceServant;
