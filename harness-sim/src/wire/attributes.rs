//! What the device says about its attributes.

use harness_tango::control_model::{AdminMode, HealthState, ObsState};
use tango_wire::types::{AttributeConfig, DataType};

use crate::attribute::Attribute;
use crate::device::CALL_CAPACITY;
use crate::dish::{Band, DishMode, PointingState};
use crate::lrc::{FINISHED_ENTRIES, QUEUE_CAPACITY, SHOWN_CAPACITY};

/// How many resources a subarray shows at most.
const RESOURCE_CAPACITY: usize = 1024;

/// The configurations of these attributes but State and Status, which every device has.
pub(super) fn configurations(attributes: &[Attribute]) -> Vec<AttributeConfig> {
    attributes
        .iter()
        .filter(|attribute| **attribute != Attribute::State)
        .map(|attribute| configuration(*attribute))
        .collect()
}

fn configuration(attribute: Attribute) -> AttributeConfig {
    let name = attribute.name();
    let labelled = |labels: &[&str]| {
        AttributeConfig::new(name, DataType::Enum).with_enum_labels(labels.iter().copied())
    };
    let texts = |capacity: usize| {
        let capacity = i32::try_from(capacity).unwrap_or(i32::MAX);
        AttributeConfig::new(name, DataType::String).spectrum(capacity)
    };
    let mut configuration = match attribute {
        Attribute::State | Attribute::TelescopeState => AttributeConfig::new(name, DataType::State),
        Attribute::ObsState
        | Attribute::CommandedObsState
        | Attribute::CspSubarrayObsState
        | Attribute::SdpSubarrayObsState
        | Attribute::MccsSubarrayObsState => labelled(ObsState::LABELS),
        Attribute::AdminMode => labelled(AdminMode::LABELS).read_write(),
        Attribute::HealthState | Attribute::TelescopeHealthState => labelled(HealthState::LABELS),
        Attribute::DishMode => labelled(DishMode::LABELS),
        Attribute::PointingState => labelled(PointingState::LABELS),
        Attribute::ConfiguredBand => labelled(Band::LABELS),
        Attribute::IsSubsystemAvailable => AttributeConfig::new(name, DataType::Boolean),
        Attribute::ScanId => AttributeConfig::new(name, DataType::Long64),
        Attribute::LrcProtocolVersions => AttributeConfig::new(name, DataType::Long).spectrum(2),
        Attribute::AssignedResources => texts(RESOURCE_CAPACITY),
        Attribute::LongRunningCommandsInQueue
        | Attribute::LongRunningCommandIdsInQueue
        | Attribute::LongRunningCommandInProgress
        | Attribute::LrcExecuting => texts(SHOWN_CAPACITY),
        Attribute::LongRunningCommandStatus | Attribute::LongRunningCommandProgress => {
            texts(2 * SHOWN_CAPACITY)
        }
        Attribute::LrcQueue => texts(QUEUE_CAPACITY),
        Attribute::LrcFinished => texts(FINISHED_ENTRIES),
        Attribute::LongRunningCommandResult | Attribute::LrcEvent => texts(2),
        Attribute::CommandCallInfo => {
            let rows = i32::try_from(CALL_CAPACITY).unwrap_or(i32::MAX);
            AttributeConfig::new(name, DataType::String).image(2, rows)
        }
        Attribute::VersionId
        | Attribute::Defective
        | Attribute::CommandDelayInfo
        | Attribute::ObsStateTransitionDuration
        | Attribute::TelescopeAvailability
        | Attribute::DelayModel
        | Attribute::DelayModelPstBeam1
        | Attribute::DelayModelPstBeam2
        | Attribute::DelayModelPstBeam3
        | Attribute::DelayModelPstBeam4
        | Attribute::ScanType
        | Attribute::ReceiveAddresses => AttributeConfig::new(name, DataType::String),
    };
    configuration.description = description(attribute).to_owned();
    configuration
}

const fn description(attribute: Attribute) -> &'static str {
    match attribute {
        Attribute::State => "The state of the device.",
        Attribute::ObsState => "The observation state.",
        Attribute::CommandedObsState => {
            "The stable observation state that the last command was meant to lead to."
        }
        Attribute::AdminMode => "How the device is administered.",
        Attribute::HealthState => "How well the device is.",
        Attribute::AssignedResources => "The resources that the subarray holds.",
        Attribute::LongRunningCommandsInQueue => {
            "The names of the long running commands; finished ones stay for 10 s."
        }
        Attribute::LongRunningCommandIdsInQueue => {
            "The ids of the long running commands; finished ones stay for 10 s."
        }
        Attribute::LongRunningCommandStatus => {
            "Ids and statuses, alternating; finished commands stay for 10 s."
        }
        Attribute::LongRunningCommandInProgress => "The names of the commands being executed.",
        Attribute::LongRunningCommandProgress => {
            "Ids and percentages, alternating, of the commands being executed."
        }
        Attribute::LongRunningCommandResult => {
            "The id of the command that ended last, and its result code and message as JSON."
        }
        Attribute::CommandCallInfo => "The last commands that were received, with their arguments.",
        Attribute::Defective => "The defects that are switched on, as JSON.",
        Attribute::VersionId => "The version of the device.",
        Attribute::ScanId => "The number of the scan that is under way; 0 if none is.",
        Attribute::LrcQueue => "The long running commands that wait, each as JSON.",
        Attribute::LrcExecuting => "The long running commands being executed, each as JSON.",
        Attribute::LrcFinished => "The long running commands that ended last, each as JSON.",
        Attribute::LrcProtocolVersions => {
            "The first and the last protocol of long running commands that the device speaks."
        }
        Attribute::LrcEvent => {
            "What happened last to a long running command: its id, and the change as JSON."
        }
        Attribute::CommandDelayInfo => "The seconds that each command takes, as JSON.",
        Attribute::ObsStateTransitionDuration => {
            "The obsStates that are played instead of the ordinary ones, with seconds, as JSON."
        }
        Attribute::TelescopeState => "The state of the whole telescope.",
        Attribute::TelescopeHealthState => "How well the whole telescope is.",
        Attribute::TelescopeAvailability => "Which nodes can be used, as JSON.",
        Attribute::IsSubsystemAvailable => "Whether the subsystem behind the node can be used.",
        Attribute::CspSubarrayObsState => "The obsState of the CSP's subarray behind the node.",
        Attribute::SdpSubarrayObsState => "The obsState of the SDP's subarray behind the node.",
        Attribute::MccsSubarrayObsState => "The obsState of the MCCS's subarray behind the node.",
        Attribute::DelayModel => "The delays of the stations' beams, as JSON.",
        Attribute::DelayModelPstBeam1
        | Attribute::DelayModelPstBeam2
        | Attribute::DelayModelPstBeam3
        | Attribute::DelayModelPstBeam4 => "The delays of a beam of pulsar timing, as JSON.",
        Attribute::ScanType => "What the subarray is configured to scan.",
        Attribute::ReceiveAddresses => "Where data are to be sent, as JSON by scan type.",
        Attribute::DishMode => "The mode of the dish.",
        Attribute::PointingState => "What the dish does with its pointing.",
        Attribute::ConfiguredBand => "The band that the dish is configured for.",
    }
}

#[cfg(test)]
mod tests {
    use super::{Attribute, DataType, configurations};

    #[test]
    fn obs_state_has_the_labels_of_the_control_model() {
        let configurations = configurations(Attribute::ALL);
        let obs_state = configurations
            .iter()
            .find(|configuration| configuration.name == "obsState")
            .unwrap();
        assert_eq!(obs_state.data_type, DataType::Enum);
        assert_eq!(
            obs_state.enum_labels,
            [
                "EMPTY",
                "RESOURCING",
                "IDLE",
                "CONFIGURING",
                "READY",
                "SCANNING",
                "ABORTING",
                "ABORTED",
                "RESETTING",
                "FAULT",
                "RESTARTING"
            ]
        );
    }
}
