//! The names of the attributes.

use std::fmt;

macro_rules! attributes {
    ($( $(#[$documentation:meta])* $member:ident = $name:literal, )+) => {
        /// An attribute of a simulated device. Each kind of device has some of them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Attribute {
            $( $(#[$documentation])* $member, )+
        }

        impl Attribute {
            /// All attributes that any kind of device has.
            pub const ALL: &'static [Attribute] = &[$( Attribute::$member, )+];

            /// The name as it is on the wire.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self {
                    $( Attribute::$member => $name, )+
                }
            }
        }
    };
}

attributes! {
    /// The state that every Tango device has.
    State = "State",
    /// The observation state.
    ObsState = "obsState",
    /// The stable observation state that the last command was meant to lead to.
    CommandedObsState = "commandedObsState",
    /// How the device is administered; may be written.
    AdminMode = "adminMode",
    /// How well the device is.
    HealthState = "healthState",
    /// The version of the device.
    VersionId = "versionId",
    /// The resources that the subarray holds.
    AssignedResources = "assignedResources",
    /// The number of the scan that is under way; 0 if none is.
    ScanId = "scanID",
    /// The names of the long running commands, finished ones for some seconds more.
    LongRunningCommandsInQueue = "longRunningCommandsInQueue",
    /// Their ids.
    LongRunningCommandIdsInQueue = "longRunningCommandIDsInQueue",
    /// Their ids and statuses, alternating.
    LongRunningCommandStatus = "longRunningCommandStatus",
    /// The names of those being executed.
    LongRunningCommandInProgress = "longRunningCommandInProgress",
    /// Ids and percentages, alternating, of those being executed.
    LongRunningCommandProgress = "longRunningCommandProgress",
    /// The id and the result of the one that ended last.
    LongRunningCommandResult = "longRunningCommandResult",
    /// Those that wait, each as JSON.
    LrcQueue = "lrcQueue",
    /// Those being executed, each as JSON.
    LrcExecuting = "lrcExecuting",
    /// Those that ended, each as JSON, the last ones only.
    LrcFinished = "lrcFinished",
    /// The first and the last protocol of long running commands that the device speaks.
    LrcProtocolVersions = "lrcProtocolVersions",
    /// What happened last to a long running command: its id, and the change as JSON. Events only.
    LrcEvent = "_lrcEvent",
    /// The commands that were received, each with its argument, the last ones only.
    CommandCallInfo = "commandCallInfo",
    /// The defects that are switched on, as JSON.
    Defective = "defective",
    /// The delays that were set, in seconds by command, as JSON.
    CommandDelayInfo = "commandDelayInfo",
    /// The obsStates that are played instead of the ordinary ones, with seconds, as JSON.
    ObsStateTransitionDuration = "obsStateTransitionDuration",
    /// The state of the whole telescope.
    TelescopeState = "telescopeState",
    /// How well the whole telescope is.
    TelescopeHealthState = "telescopeHealthState",
    /// Which subsystems can be used, as JSON.
    TelescopeAvailability = "telescopeAvailability",
    /// Whether the subsystem behind the device can be used.
    IsSubsystemAvailable = "isSubsystemAvailable",
    /// The observation state of the CSP's subarray behind the device.
    CspSubarrayObsState = "cspSubarrayObsState",
    /// The observation state of the SDP's subarray behind the device.
    SdpSubarrayObsState = "sdpSubarrayObsState",
    /// The observation state of the MCCS's subarray behind the device.
    MccsSubarrayObsState = "mccsSubarrayObsState",
    /// The delays of the stations' beams, as JSON; `"no_value"` while the subarray is not configured.
    DelayModel = "delayModel",
    /// The delays of the first beam of pulsar timing, as JSON.
    DelayModelPstBeam1 = "delayModelPSTBeam1",
    /// Those of the second.
    DelayModelPstBeam2 = "delayModelPSTBeam2",
    /// Those of the third.
    DelayModelPstBeam3 = "delayModelPSTBeam3",
    /// Those of the fourth.
    DelayModelPstBeam4 = "delayModelPSTBeam4",
    /// What the SDP's subarray is configured to scan; empty if it is not.
    ScanType = "scanType",
    /// Where the SDP's subarray wants data to be sent, as JSON by scan type.
    ReceiveAddresses = "receiveAddresses",
    /// The mode of the dish.
    DishMode = "dishMode",
    /// What the dish does with its pointing.
    PointingState = "pointingState",
    /// The band that the dish is configured for.
    ConfiguredBand = "configuredBand",
}

impl Attribute {
    /// The attribute of that name, in any case of letters, as Tango takes attribute names.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Attribute> {
        Attribute::ALL
            .iter()
            .copied()
            .find(|attribute| attribute.name().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Attribute {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Attribute;

    #[test]
    fn every_attribute_is_found_by_its_name_in_any_case() {
        for attribute in Attribute::ALL {
            let name = attribute.name();
            assert_eq!(Attribute::from_name(name), Some(*attribute));
            assert_eq!(Attribute::from_name(&name.to_lowercase()), Some(*attribute));
        }
        assert_eq!(Attribute::from_name("obsMode"), None);
    }
}
