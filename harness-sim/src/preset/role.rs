//! What a simulated device is to its telescope.

use std::fmt;

use serde::Deserialize;

use crate::subarray::Domain;

/// How many devices play a role.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Each {
    Telescope,
    Subarray,
    Dish,
}

macro_rules! roles {
    ($( $(#[$documentation:meta])* $member:ident = $key:literal, $each:ident; )+) => {
        /// What a simulated device is to its telescope.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
        #[serde(try_from = "String")]
        #[non_exhaustive]
        pub enum DeviceRole {
            $( $(#[$documentation])* $member, )+
        }

        impl DeviceRole {
            /// All roles.
            pub const ALL: &'static [DeviceRole] = &[$( DeviceRole::$member, )+];

            /// The key of the role in a file.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self {
                    $( DeviceRole::$member => $key, )+
                }
            }

            pub(crate) const fn each(self) -> Each {
                match self {
                    $( DeviceRole::$member => Each::$each, )+
                }
            }
        }
    };
}

roles! {
    /// The central node of the telescope manager.
    CentralNode = "central_node", Telescope;
    /// The telescope manager's subarray: the one that tests talk to.
    Subarray = "subarray", Subarray;
    /// The telescope manager's node before the CSP's controller.
    CspMasterLeaf = "csp_master_leaf", Telescope;
    /// The telescope manager's node before the SDP's controller.
    SdpMasterLeaf = "sdp_master_leaf", Telescope;
    /// The telescope manager's node before the MCCS's controller.
    MccsMasterLeaf = "mccs_master_leaf", Telescope;
    /// The telescope manager's node before a subarray of the CSP.
    CspSubarrayLeaf = "csp_subarray_leaf", Subarray;
    /// The telescope manager's node before a subarray of the SDP.
    SdpSubarrayLeaf = "sdp_subarray_leaf", Subarray;
    /// The telescope manager's node before a subarray of the MCCS.
    MccsSubarrayLeaf = "mccs_subarray_leaf", Subarray;
    /// The telescope manager's node before a dish.
    DishLeaf = "dish_leaf", Dish;
    /// The controller of the central signal processor.
    CspController = "csp_controller", Telescope;
    /// A subarray of the central signal processor.
    CspSubarray = "csp_subarray", Subarray;
    /// The controller of the correlator within the central signal processor.
    CbfController = "cbf_controller", Telescope;
    /// A subarray of the correlator.
    CbfSubarray = "cbf_subarray", Subarray;
    /// A beam of pulsar timing within the central signal processor, one for each subarray.
    PstBeam = "pst_beam", Subarray;
    /// The controller of the science data processor.
    SdpController = "sdp_controller", Telescope;
    /// A subarray of the science data processor.
    SdpSubarray = "sdp_subarray", Subarray;
    /// The controller of the stations.
    MccsController = "mccs_controller", Telescope;
    /// A subarray of stations.
    MccsSubarray = "mccs_subarray", Subarray;
    /// A dish.
    Dish = "dish", Dish;
}

impl DeviceRole {
    /// The roles of a subsystem: controller, its leaf node, subarray, its leaf node.
    pub(crate) const fn of(domain: Domain) -> [DeviceRole; 4] {
        match domain {
            Domain::Csp => [
                DeviceRole::CspController,
                DeviceRole::CspMasterLeaf,
                DeviceRole::CspSubarray,
                DeviceRole::CspSubarrayLeaf,
            ],
            Domain::Sdp => [
                DeviceRole::SdpController,
                DeviceRole::SdpMasterLeaf,
                DeviceRole::SdpSubarray,
                DeviceRole::SdpSubarrayLeaf,
            ],
            Domain::Mccs => [
                DeviceRole::MccsController,
                DeviceRole::MccsMasterLeaf,
                DeviceRole::MccsSubarray,
                DeviceRole::MccsSubarrayLeaf,
            ],
        }
    }

    /// The role without which this one makes no sense.
    pub(super) const fn needs(self) -> Option<DeviceRole> {
        Some(match self {
            DeviceRole::CspMasterLeaf => DeviceRole::CspController,
            DeviceRole::SdpMasterLeaf => DeviceRole::SdpController,
            DeviceRole::MccsMasterLeaf => DeviceRole::MccsController,
            DeviceRole::CspSubarrayLeaf => DeviceRole::CspSubarray,
            DeviceRole::SdpSubarrayLeaf => DeviceRole::SdpSubarray,
            DeviceRole::MccsSubarrayLeaf => DeviceRole::MccsSubarray,
            DeviceRole::CbfController => DeviceRole::CspController,
            DeviceRole::CbfSubarray | DeviceRole::PstBeam => DeviceRole::CspSubarray,
            DeviceRole::DishLeaf => DeviceRole::Dish,
            // it is by its leaf node that the telescope manager has a dish
            DeviceRole::Dish => DeviceRole::DishLeaf,
            _ => return None,
        })
    }

    /// Whether files can choose the table of its commands.
    pub(super) const fn has_choice_of_commands(self) -> bool {
        matches!(
            self,
            DeviceRole::Subarray
                | DeviceRole::CspSubarray
                | DeviceRole::CbfSubarray
                | DeviceRole::SdpSubarray
                | DeviceRole::MccsSubarray
        )
    }
}

impl fmt::Display for DeviceRole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.key())
    }
}

impl TryFrom<String> for DeviceRole {
    type Error = String;

    fn try_from(key: String) -> Result<DeviceRole, String> {
        let mut roles = DeviceRole::ALL.iter().copied();
        roles.find(|role| role.key() == key).ok_or_else(|| {
            let known: Vec<_> = DeviceRole::ALL.iter().map(|role| role.key()).collect();
            format!("unknown role `{key}`; known roles: {}", known.join(", "))
        })
    }
}
