//! What Tango devices say and are told: values, readings, configurations, errors.
//!
//! Every type that travels has a `read` and a `write` of its own, so that a client and a server
//! can be built from the same definitions.

mod attribute_config;
mod attribute_config_wire;
mod attribute_data;
mod attribute_value;
mod attribute_write;
mod client_identity;
mod command_info;
mod data_ready;
mod data_type;
mod device_info;
mod enumerations;
mod event_kind;
mod failure;
mod interface_change;
mod state;
mod time;
mod value;

pub use attribute_config::{AttributeAlarm, AttributeConfig, EventProperties};
pub use attribute_value::{AttributeReading, AttributeValue, AttributeVersion};
pub use attribute_write::AttributeWrite;
pub use client_identity::ClientIdentity;
pub use command_info::CommandInfo;
pub use data_ready::DataReady;
pub use data_type::DataType;
pub use device_info::{DeviceInfo, DeviceInfoVersion};
pub use enumerations::{AttributeFormat, DisplayLevel, Quality, Severity, Source, WriteMode};
pub use event_kind::{EventKind, UnknownEventKind};
pub use failure::{DevError, DevFailed, MultiDevFailed, NamedFailure};
pub use interface_change::InterfaceChange;
pub use state::{DevState, UnknownState};
pub use value::Value;
