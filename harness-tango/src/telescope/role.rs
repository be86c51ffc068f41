//! What a device is to a telescope, and how its name is made.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use thiserror::Error;

use super::system::{RoleKind, System};

/// How many devices play a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Each {
    Telescope,
    Subarray,
    Dish,
    /// One for the telescope, or one for each subarray if the name has a place for its number.
    Beam,
}

macro_rules! roles {
    ($(
        $(#[$documentation:meta])*
        $member:ident = $key:literal, $system:ident $kind:ident, $each:ident;
    )+) => {
        /// What a device is to a telescope. Which device plays a role is configuration.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(try_from = "String")]
        #[non_exhaustive]
        pub enum Role {
            $( $(#[$documentation])* $member, )+
        }

        impl Role {
            /// All roles.
            pub const ALL: &'static [Role] = &[$( Role::$member, )+];

            /// The key of the role in a configuration file.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self {
                    $( Role::$member => $key, )+
                }
            }

            /// The system that the role belongs to; of a leaf node, the one that it stands before.
            #[must_use]
            pub const fn system(self) -> System {
                match self {
                    $( Role::$member => System::$system, )+
                }
            }

            /// What kind of device the role is for.
            #[must_use]
            pub const fn kind(self) -> RoleKind {
                match self {
                    $( Role::$member => RoleKind::$kind, )+
                }
            }

            pub(super) const fn each(self) -> Each {
                match self {
                    $( Role::$member => Each::$each, )+
                }
            }
        }
    };
}

roles! {
    /// The central node of the telescope manager.
    CentralNode = "central_node", Tmc CentralNode, Telescope;
    /// The telescope manager's subarray: the one that tests talk to.
    Subarray = "subarray", Tmc Subarray, Subarray;
    /// The controller of the central signal processor.
    CspController = "csp_controller", Csp Controller, Telescope;
    /// A subarray of the central signal processor.
    CspSubarray = "csp_subarray", Csp Subarray, Subarray;
    /// The controller of the science data processor.
    SdpController = "sdp_controller", Sdp Controller, Telescope;
    /// A subarray of the science data processor.
    SdpSubarray = "sdp_subarray", Sdp Subarray, Subarray;
    /// The controller of the stations (Low).
    MccsController = "mccs_controller", Mccs Controller, Telescope;
    /// A subarray of stations (Low).
    MccsSubarray = "mccs_subarray", Mccs Subarray, Subarray;
    /// The controller of the correlator and beamformer.
    CbfController = "cbf_controller", Cbf Controller, Telescope;
    /// A subarray of the correlator and beamformer.
    CbfSubarray = "cbf_subarray", Cbf Subarray, Subarray;
    /// A beam of the pulsar timing: one, or one for each subarray if its name has `{subarray}`.
    PstBeam = "pst_beam", Pst Beam, Beam;
    /// A dish (Mid).
    Dish = "dish", Dish Dish, Dish;
    /// The telescope manager's node before the controller of the central signal processor.
    CspMasterLeaf = "csp_master_leaf", Csp MasterLeaf, Telescope;
    /// The telescope manager's node before the controller of the science data processor.
    SdpMasterLeaf = "sdp_master_leaf", Sdp MasterLeaf, Telescope;
    /// The telescope manager's node before the controller of the stations (Low).
    MccsMasterLeaf = "mccs_master_leaf", Mccs MasterLeaf, Telescope;
    /// The telescope manager's node before a subarray of the central signal processor.
    CspSubarrayLeaf = "csp_subarray_leaf", Csp SubarrayLeaf, Subarray;
    /// The telescope manager's node before a subarray of the science data processor.
    SdpSubarrayLeaf = "sdp_subarray_leaf", Sdp SubarrayLeaf, Subarray;
    /// The telescope manager's node before a subarray of stations (Low).
    MccsSubarrayLeaf = "mccs_subarray_leaf", Mccs SubarrayLeaf, Subarray;
    /// The telescope manager's node before a dish (Mid).
    DishLeaf = "dish_leaf", Dish DishLeaf, Dish;
}

impl Role {
    /// The role of this kind in this system, if the system has one.
    #[must_use]
    pub fn of(system: System, kind: RoleKind) -> Option<Role> {
        let mut roles = Role::ALL.iter().copied();
        roles.find(|role| role.system() == system && role.kind() == kind)
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

#[cfg(test)]
mod tests {
    use super::{Role, RoleKind, System};

    #[test]
    fn every_role_is_found_by_its_system_and_kind() {
        for role in Role::ALL {
            assert_eq!(Role::of(role.system(), role.kind()), Some(*role));
            assert_eq!(role.key().parse(), Ok(*role));
        }
        assert_eq!(Role::of(System::Pst, RoleKind::Subarray), None);
    }
}
