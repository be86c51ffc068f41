//! The form of the JSON.

use serde::{Deserialize, Serialize};

use super::entries::{Entries, Values};

/// The version of the form that is written here, and the only one that is read.
pub(super) const VERSION: u64 = 1;

/// The whole. The documentation of [`Database::to_json`](crate::database::Database::to_json) shows
/// one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::database) struct Document {
    pub(super) format: Format,
    pub(super) version: u64,
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub(super) servers: Entries<ServerDocument>,
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub(super) classes: Entries<OwnerDocument>,
    /// Free properties by object.
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub(super) objects: Entries<Entries<Values>>,
    /// alias -> `device/attribute`
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub(super) attribute_aliases: Entries<String>,
    /// The properties of devices that no server has.
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub(super) undefined_devices: Entries<OwnerDocument>,
}

/// What is looked at before the rest.
#[derive(Debug, Deserialize)]
pub(super) struct Head {
    #[serde(rename = "format")]
    _format: Format,
    pub(super) version: u64,
}

/// Always the same text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Format {
    #[serde(rename = "tango-wire database")]
    TangoWireDatabase,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ServerDocument {
    /// Where and when the starter runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) starter: Option<StarterDocument>,
    /// None if the starter only has been told about this server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) devices: Option<Entries<DeviceDocument>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StarterDocument {
    pub(super) host: String,
    pub(super) mode: i32,
    pub(super) level: i32,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DeviceDocument {
    pub(super) class: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) alias: Option<String>,
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub(super) properties: Entries<Values>,
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub(super) attribute_properties: Entries<Entries<Values>>,
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub(super) pipe_properties: Entries<Entries<Values>>,
    /// Where it runs, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) exported: Option<ExportDocument>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExportDocument {
    /// The stringified object reference.
    pub(super) reference: String,
    pub(super) host: String,
    pub(super) process: i32,
    /// The version of the interface.
    pub(super) version: String,
    /// Seconds since 1970.
    pub(super) started: u64,
}

/// A class, or a device that is not defined.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OwnerDocument {
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub(super) properties: Entries<Values>,
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub(super) attribute_properties: Entries<Entries<Values>>,
    #[serde(default, skip_serializing_if = "Entries::is_empty")]
    pub(super) pipe_properties: Entries<Entries<Values>>,
}

impl OwnerDocument {
    pub(super) fn is_empty(&self) -> bool {
        self.properties.is_empty()
            && self.attribute_properties.is_empty()
            && self.pipe_properties.is_empty()
    }
}
