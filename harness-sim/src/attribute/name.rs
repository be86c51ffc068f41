//! The names of the attributes.

use std::fmt;

/// An attribute of a simulated subarray.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Attribute {
    /// The state that every Tango device has.
    State,
    /// The observation state.
    ObsState,
    /// The stable observation state that the last command was meant to lead to.
    CommandedObsState,
    /// How the device is administered; may be written.
    AdminMode,
    /// How well the device is.
    HealthState,
    /// The resources that the subarray holds.
    AssignedResources,
    /// The names of the long running commands, finished ones for some seconds more.
    LongRunningCommandsInQueue,
    /// Their ids.
    LongRunningCommandIdsInQueue,
    /// Their ids and statuses, alternating.
    LongRunningCommandStatus,
    /// The names of those being executed.
    LongRunningCommandInProgress,
    /// Ids and percentages, alternating, of those being executed.
    LongRunningCommandProgress,
    /// The id and the result of the one that ended last.
    LongRunningCommandResult,
    /// The commands that were received, each with its argument, the last ones only.
    CommandCallInfo,
    /// The defects that are switched on, as JSON.
    Defective,
}

impl Attribute {
    /// All attributes.
    pub const ALL: &'static [Attribute] = &[
        Attribute::State,
        Attribute::ObsState,
        Attribute::CommandedObsState,
        Attribute::AdminMode,
        Attribute::HealthState,
        Attribute::AssignedResources,
        Attribute::LongRunningCommandsInQueue,
        Attribute::LongRunningCommandIdsInQueue,
        Attribute::LongRunningCommandStatus,
        Attribute::LongRunningCommandInProgress,
        Attribute::LongRunningCommandProgress,
        Attribute::LongRunningCommandResult,
        Attribute::CommandCallInfo,
        Attribute::Defective,
    ];

    /// The name as it is on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Attribute::State => "State",
            Attribute::ObsState => "obsState",
            Attribute::CommandedObsState => "commandedObsState",
            Attribute::AdminMode => "adminMode",
            Attribute::HealthState => "healthState",
            Attribute::AssignedResources => "assignedResources",
            Attribute::LongRunningCommandsInQueue => "longRunningCommandsInQueue",
            Attribute::LongRunningCommandIdsInQueue => "longRunningCommandIDsInQueue",
            Attribute::LongRunningCommandStatus => "longRunningCommandStatus",
            Attribute::LongRunningCommandInProgress => "longRunningCommandInProgress",
            Attribute::LongRunningCommandProgress => "longRunningCommandProgress",
            Attribute::LongRunningCommandResult => "longRunningCommandResult",
            Attribute::CommandCallInfo => "commandCallInfo",
            Attribute::Defective => "defective",
        }
    }

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
