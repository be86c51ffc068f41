//! A simulated device as a Tango device: its commands, attributes, values and errors as they
//! travel.

mod attributes;
mod bursts;
mod commands;
mod control;
mod event_line;
mod failures;
mod line;
mod log;
mod port;
mod servant;
mod serving;
mod silence;
mod values;

pub(crate) use bursts::EventBursts;
pub(crate) use event_line::{EventFaultId, EventLine};
pub(crate) use line::Line;
pub(crate) use log::DeviceLog;
pub(crate) use port::EventPort;
use servant::DeviceServant;
pub(crate) use serving::Serving;
pub(crate) use silence::Silence;
