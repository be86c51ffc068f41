//! A simulated subarray as a Tango device: its commands, attributes, values and errors as they
//! travel.

mod attributes;
mod commands;
mod failures;
mod port;
mod servant;
mod values;

pub(crate) use port::EventPort;
pub(crate) use servant::SubarrayServant;
