//! What the device says about its attributes.

use harness_tango::control_model::{AdminMode, HealthState, ObsState};
use tango_wire::types::{AttributeConfig, DataType};

use crate::attribute::Attribute;
use crate::lrc::SHOWN_CAPACITY;
use crate::subarray::CALL_CAPACITY;

/// How many resources a subarray shows at most.
const RESOURCE_CAPACITY: i32 = 1024;

/// The configurations of all attributes but State and Status, which every device has.
pub(super) fn configurations() -> Vec<AttributeConfig> {
    Attribute::ALL
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
    let texts = |capacity: i32| AttributeConfig::new(name, DataType::String).spectrum(capacity);
    let shown = i32::try_from(SHOWN_CAPACITY).unwrap_or(i32::MAX);
    let mut configuration = match attribute {
        Attribute::State => AttributeConfig::new(name, DataType::State),
        Attribute::ObsState | Attribute::CommandedObsState => labelled(ObsState::LABELS),
        Attribute::AdminMode => labelled(AdminMode::LABELS).read_write(),
        Attribute::HealthState => labelled(HealthState::LABELS),
        Attribute::AssignedResources => texts(RESOURCE_CAPACITY),
        Attribute::LongRunningCommandsInQueue
        | Attribute::LongRunningCommandIdsInQueue
        | Attribute::LongRunningCommandInProgress => texts(shown),
        Attribute::LongRunningCommandStatus | Attribute::LongRunningCommandProgress => {
            texts(2 * shown)
        }
        Attribute::LongRunningCommandResult => texts(2),
        Attribute::CommandCallInfo => {
            let rows = i32::try_from(CALL_CAPACITY).unwrap_or(i32::MAX);
            AttributeConfig::new(name, DataType::String).image(2, rows)
        }
        Attribute::Defective => AttributeConfig::new(name, DataType::String),
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
    }
}

#[cfg(test)]
mod tests {
    use super::{DataType, configurations};

    #[test]
    fn obs_state_has_the_labels_of_the_control_model() {
        let configurations = configurations();
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
