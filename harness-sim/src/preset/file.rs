//! What a file of a simulated telescope may contain.

use std::collections::BTreeMap;

use harness_tango::control_model::{AdminMode, DevState};
use serde::Deserialize;

use super::{DeviceRole, NameTemplate};
use crate::model::CommandTable;
use crate::tmc::Telescope;

/// What a file may contain.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) telescope: TelescopeWord,
    #[serde(default = "one")]
    pub(super) subarrays: u32,
    #[serde(default)]
    pub(super) dishes: Vec<String>,
    #[serde(default)]
    pub(super) state: Option<StateWord>,
    #[serde(default)]
    pub(super) states: BTreeMap<DeviceRole, StateWord>,
    #[serde(default)]
    pub(super) admin_mode: Option<AdminModeWord>,
    pub(super) roles: BTreeMap<DeviceRole, NameTemplate>,
    #[serde(default)]
    pub(super) old_roles: BTreeMap<DeviceRole, NameTemplate>,
    #[serde(default)]
    pub(super) commands: BTreeMap<DeviceRole, TableWord>,
    #[serde(default)]
    pub(super) absent_stations: Vec<u64>,
    /// In seconds.
    #[serde(default)]
    pub(super) delay_model_period: Option<f64>,
    #[serde(default)]
    pub(super) timeouts: TimeoutsTable,
    /// In seconds.
    #[serde(default)]
    pub(super) dwell: Option<f64>,
}

const fn one() -> u32 {
    1
}

/// In seconds.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TimeoutsTable {
    pub(super) central_node: Option<f64>,
    pub(super) subarray: Option<f64>,
    pub(super) leaf_node: Option<f64>,
}

macro_rules! word {
    ($name:ident, $of:ty, $read:expr) => {
        #[derive(Clone, Copy, Debug, Deserialize)]
        #[serde(try_from = "String")]
        pub(super) struct $name(pub(super) $of);

        impl TryFrom<String> for $name {
            type Error = String;

            fn try_from(text: String) -> Result<$name, String> {
                let read: fn(&str) -> Result<$of, String> = $read;
                read(&text).map($name)
            }
        }
    };
}

word!(TelescopeWord, Telescope, |text| match text {
    "low" => Ok(Telescope::Low),
    "mid" => Ok(Telescope::Mid),
    _ => Err(format!("unknown telescope `{text}`; known: low, mid")),
});

word!(StateWord, DevState, |text| {
    let state = text.parse().map_err(|error| format!("{error}"))?;
    match state {
        DevState::On | DevState::Off | DevState::Standby => Ok(state),
        _ => Err(format!(
            "a telescope cannot begin in {state}; it can in ON, OFF, STANDBY"
        )),
    }
});

word!(AdminModeWord, AdminMode, |text| text
    .parse()
    .map_err(|error| format!("{error}")));

word!(TableWord, CommandTable, |text| CommandTable::named(text)
    .ok_or_else(|| {
        let tables = CommandTable::OF_SUBARRAYS.iter();
        let known: Vec<_> = tables.map(CommandTable::name).collect();
        format!("unknown commands `{text}`; known: {}", known.join(", "))
    }));
