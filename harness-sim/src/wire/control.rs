//! The commands by which a tester steers a simulated device.

use tango_wire::types::{CommandInfo, DataType};

use super::commands::described;
use crate::attribute::Attribute;

macro_rules! controls {
    ($( $member:ident, $input:ident, $output:ident, $words:literal; )+) => {
        /// A command by which a tester steers the simulated device, named as in the helper devices
        /// of `ska-tmc-common`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Control {
            $( $member, )+
        }

        impl Control {
            const ALL: &'static [Control] = &[$( Control::$member, )+];

            const fn name(self) -> &'static str {
                match self {
                    $( Control::$member => stringify!($member), )+
                }
            }

            fn info(self) -> CommandInfo {
                let (input, output, words) = match self {
                    $( Control::$member => (DataType::$input, DataType::$output, $words), )+
                };
                described(CommandInfo::new(self.name(), input, output), words, "")
            }
        }
    };
}

controls! {
    SetDefective, String, Void,
        "{\"enabled\": bool, \"fault_type\": 0 to 13, \"error_message\": text, \"result\": number, \
         \"intermediate_state\": number, \"target_obsstates\": numbers, \"command\": name, \
         \"times\": number}";
    SetDelayInfo, String, Void, "seconds by command: {\"Configure\": 2.5}";
    ResetDelayInfo, Void, Void, "";
    SetDelay, Long, Void, "seconds that every command takes";
    AddTransition, String, Void,
        "obsStates to be played by commands, with seconds: [[\"READY\", 2], [\"IDLE\", 1]]";
    ResetTransitions, Void, Void, "";
    SetDirectObsState, Short, Void, "an obsState";
    SetDirectState, State, Void, "a device state";
    SetDirectHealthState, Short, Void, "a healthState";
    SetAdminMode, Short, Void, "an adminMode";
    SetDirectDishMode, Short, Void, "a dishMode";
    SetDirectPointingState, Short, Void, "a pointingState";
    SetDirectConfiguredBand, Short, Void, "a band";
    SetCspSubarrayLeafNodeObsState, Short, Void, "an obsState";
    SetSdpSubarrayLeafNodeObsState, Short, Void, "an obsState";
    SetMccsSubarrayLeafNodeObsState, Short, Void, "an obsState";
    SetDirectreceiveAddresses, String, Void, "where data are to be sent, as JSON";
    SetSubsystemAvailable, Boolean, Void, "whether the subsystem can be used";
    ClearCommandCallInfo, Void, Void, "";
    CheckLongRunningCommandStatus, String, String, "the id of a command";
}

impl Control {
    /// The control command of that name, in any case of letters.
    pub(super) fn from_name(name: &str) -> Option<Control> {
        let mut all = Control::ALL.iter().copied();
        all.find(|control| control.name().eq_ignore_ascii_case(name))
    }

    /// The attribute that it sets directly, if only some devices have that.
    pub(super) const fn sets(self) -> Option<Attribute> {
        Some(match self {
            Control::SetDirectObsState | Control::AddTransition | Control::ResetTransitions => {
                Attribute::ObsState
            }
            Control::SetDirectDishMode => Attribute::DishMode,
            Control::SetDirectPointingState => Attribute::PointingState,
            Control::SetDirectConfiguredBand => Attribute::ConfiguredBand,
            Control::SetCspSubarrayLeafNodeObsState => Attribute::CspSubarrayObsState,
            Control::SetSdpSubarrayLeafNodeObsState => Attribute::SdpSubarrayObsState,
            Control::SetMccsSubarrayLeafNodeObsState => Attribute::MccsSubarrayObsState,
            Control::SetDirectreceiveAddresses => Attribute::ReceiveAddresses,
            Control::SetSubsystemAvailable => Attribute::IsSubsystemAvailable,
            _ => return None,
        })
    }

    /// The control commands of a device with these attributes.
    pub(super) fn of(attributes: &[Attribute]) -> impl Iterator<Item = CommandInfo> {
        let all = Control::ALL.iter();
        all.filter(|control| {
            let sets = control.sets();
            sets.is_none_or(|attribute| attributes.contains(&attribute))
        })
        .map(|control| control.info())
    }
}
