//! What a device is to a telescope, and how its name is made.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use thiserror::Error;

/// What a device is to a telescope. Which device plays a role is configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
#[non_exhaustive]
pub enum Role {
    /// The central node of the telescope manager.
    CentralNode,
    /// The telescope manager's subarray: the one that tests talk to.
    Subarray,
    /// The controller of the central signal processor.
    CspController,
    /// A subarray of the central signal processor.
    CspSubarray,
    /// The controller of the science data processor.
    SdpController,
    /// A subarray of the science data processor.
    SdpSubarray,
    /// The controller of the stations (Low).
    MccsController,
    /// A subarray of stations (Low).
    MccsSubarray,
    /// A dish (Mid).
    Dish,
}

/// How many devices play a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Each {
    Telescope,
    Subarray,
    Dish,
}

impl Role {
    /// All roles.
    pub const ALL: &'static [Role] = &[
        Role::CentralNode,
        Role::Subarray,
        Role::CspController,
        Role::CspSubarray,
        Role::SdpController,
        Role::SdpSubarray,
        Role::MccsController,
        Role::MccsSubarray,
        Role::Dish,
    ];

    /// The key of the role in a configuration file.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Role::CentralNode => "central_node",
            Role::Subarray => "subarray",
            Role::CspController => "csp_controller",
            Role::CspSubarray => "csp_subarray",
            Role::SdpController => "sdp_controller",
            Role::SdpSubarray => "sdp_subarray",
            Role::MccsController => "mccs_controller",
            Role::MccsSubarray => "mccs_subarray",
            Role::Dish => "dish",
        }
    }

    pub(super) const fn each(self) -> Each {
        match self {
            Role::CentralNode
            | Role::CspController
            | Role::SdpController
            | Role::MccsController => Each::Telescope,
            Role::Subarray | Role::CspSubarray | Role::SdpSubarray | Role::MccsSubarray => {
                Each::Subarray
            }
            Role::Dish => Each::Dish,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.key())
    }
}

/// A role that no telescope has.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown role `{role}`; known roles: {}", Self::known())]
pub struct UnknownRole {
    role: String,
}

impl UnknownRole {
    fn known() -> String {
        Role::ALL
            .iter()
            .map(|role| role.key())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(key: &str) -> Result<Role, UnknownRole> {
        Role::ALL
            .iter()
            .copied()
            .find(|role| role.key() == key)
            .ok_or_else(|| UnknownRole {
                role: key.to_owned(),
            })
    }
}

impl TryFrom<String> for Role {
    type Error = UnknownRole;

    fn try_from(key: String) -> Result<Role, UnknownRole> {
        key.parse()
    }
}
