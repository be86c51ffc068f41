//! The tables of the kinds of devices that telescopes have.

use harness_tango::control_model::ObsState::{
    self, Aborted, Configuring, Empty, Fault, Idle, Ready, Resetting, Resourcing, Scanning,
};

use super::{Argument, CommandRule, CommandTable, Job, Manners};
use crate::dish::{Band, DishMode};

use Argument::{Json, Text, Void};

impl CommandTable {
    /// `SKASubarray` of `ska-tango-base` 0.15.0 to 1.3.2.
    pub const SKA_TANGO_BASE: CommandTable = CommandTable::new("ska-tango-base", SKA_TANGO_BASE);

    /// The science data processor's subarray: resources are assigned in EMPTY and released in IDLE
    /// only, End is for READY, and RESOURCING cannot be aborted.
    pub const SDP: CommandTable = CommandTable::new("sdp", SDP);

    /// The science data processor's subarray of 2021, `sdp-lmc`: as [`SDP`](Self::SDP), without what
    /// came later, and nothing but On is taken while it is OFF.
    pub const SDP_LMC: CommandTable =
        CommandTable::new("sdp-lmc", SDP_LMC).with_manners(Manners::Plain);

    /// The controller beside it.
    pub const SDP_LMC_CONTROLLER: CommandTable =
        CommandTable::new("sdp-lmc-controller", SDP_LMC_CONTROLLER).with_manners(Manners::Plain);

    /// The correlator's subarray of Mid, whose commands have names of their own.
    pub const CBF: CommandTable = CommandTable::new("cbf", CBF);

    /// The telescope manager's subarray node.
    pub const TMC: CommandTable =
        CommandTable::new("tmc", TMC).with_manners(Manners::TelescopeManager);

    /// A controller.
    pub const CONTROLLER: CommandTable = CommandTable::new("controller", CONTROLLER);

    /// The telescope manager's central node.
    pub const CENTRAL_NODE: CommandTable =
        CommandTable::new("central-node", CENTRAL_NODE).with_manners(Manners::TelescopeManager);

    /// The telescope manager's node before a subarray of a subsystem.
    pub const SUBARRAY_LEAF: CommandTable = CommandTable::new("subarray-leaf-node", SUBARRAY_LEAF)
        .with_manners(Manners::TelescopeManager);

    /// The telescope manager's node before a controller.
    pub const MASTER_LEAF: CommandTable =
        CommandTable::new("master-leaf-node", CONTROLLER).with_manners(Manners::TelescopeManager);

    /// The telescope manager's node before a dish.
    pub const DISH_LEAF: CommandTable =
        CommandTable::new("dish-leaf-node", DISH_LEAF).with_manners(Manners::TelescopeManager);

    /// A dish.
    pub const DISH: CommandTable = CommandTable::new("dish", DISH);

    /// The tables that subarrays can have, by which files name them.
    pub const OF_SUBARRAYS: &'static [CommandTable] = &[
        CommandTable::SKA_TANGO_BASE,
        CommandTable::SDP,
        CommandTable::SDP_LMC,
        CommandTable::CBF,
        CommandTable::TMC,
    ];

    /// The table of subarrays with this name.
    #[must_use]
    pub fn named(name: &str) -> Option<CommandTable> {
        let mut tables = CommandTable::OF_SUBARRAYS.iter().copied();
        tables.find(|table| table.name() == name)
    }
}

const STOPPED: &[ObsState] = &[Aborted, Fault];
const BUSY: &[ObsState] = &[Resourcing, Idle, Configuring, Ready, Scanning, Resetting];
const BUSY_SDP: &[ObsState] = &[Idle, Configuring, Ready, Scanning, Resetting];
const ANY: &[ObsState] = ObsState::ALL;

const fn rule(
    command: &'static str,
    job: Job,
    argument: Argument,
    allowed_in: &'static [ObsState],
) -> CommandRule {
    CommandRule::new(command, job, argument, allowed_in)
}

/// A command of a device that has no obsState.
const fn any(command: &'static str, job: Job, argument: Argument) -> CommandRule {
    CommandRule::new(command, job, argument, ANY)
}

const SKA_TANGO_BASE: &[CommandRule] = &[
    rule("AssignResources", Job::Assign, Json, &[Empty, Idle]),
    rule("ReleaseResources", Job::Release, Json, &[Empty, Idle]),
    rule("ReleaseAllResources", Job::ReleaseAll, Void, &[Empty, Idle]),
    rule("Configure", Job::Configure, Json, &[Idle, Ready]),
    rule("Scan", Job::Scan, Json, &[Ready]),
    rule("EndScan", Job::EndScan, Void, &[Scanning]),
    rule("End", Job::End, Void, &[Idle, Ready]),
    rule("Abort", Job::Abort, Void, BUSY),
    rule("ObsReset", Job::ObsReset, Void, STOPPED),
    rule("Restart", Job::Restart, Void, STOPPED),
    any("On", Job::On, Void),
    any("Off", Job::Off, Void),
    any("Standby", Job::Standby, Void),
];

const SDP: &[CommandRule] = &[
    rule("AssignResources", Job::Assign, Json, &[Empty]),
    rule("ReleaseResources", Job::Release, Json, &[Idle]),
    rule("ReleaseAllResources", Job::ReleaseAll, Void, &[Idle]),
    rule("Configure", Job::Configure, Json, &[Idle, Ready]),
    rule("Scan", Job::Scan, Json, &[Ready]),
    rule("EndScan", Job::EndScan, Void, &[Scanning]),
    rule("End", Job::End, Void, &[Ready]),
    rule("Abort", Job::Abort, Void, BUSY_SDP),
    rule("ObsReset", Job::ObsReset, Void, STOPPED),
    rule("Restart", Job::Restart, Void, STOPPED),
    any("On", Job::On, Void),
    any("Off", Job::Off, Void),
    any("Standby", Job::Standby, Void),
];

const SDP_LMC: &[CommandRule] = &[
    rule("AssignResources", Job::Assign, Json, &[Empty]),
    rule("ReleaseResources", Job::ReleaseAll, Void, &[Idle]),
    rule("Configure", Job::Configure, Json, &[Idle, Ready]),
    rule("Scan", Job::Scan, Json, &[Ready]),
    rule("EndScan", Job::EndScan, Void, &[Scanning]),
    rule("End", Job::End, Void, &[Ready]),
    rule("Abort", Job::Abort, Void, BUSY_SDP),
    rule("ObsReset", Job::ObsReset, Void, STOPPED),
    rule("Restart", Job::Restart, Void, STOPPED),
    any("On", Job::On, Void),
    any("Off", Job::Off, Void),
];

const SDP_LMC_CONTROLLER: &[CommandRule] = &[
    any("On", Job::On, Void),
    any("Off", Job::Off, Void),
    any("Standby", Job::Standby, Void),
    any("Disable", Job::Disable, Void),
];

const CBF: &[CommandRule] = &[
    rule("AddReceptors", Job::Assign, Json, &[Empty, Idle]),
    rule("RemoveReceptors", Job::Release, Json, &[Idle]),
    rule("RemoveAllReceptors", Job::ReleaseAll, Void, &[Idle]),
    rule("ConfigureScan", Job::Configure, Json, &[Idle, Ready]),
    rule("Scan", Job::Scan, Json, &[Ready]),
    rule("EndScan", Job::EndScan, Void, &[Scanning]),
    rule("GoToIdle", Job::End, Void, &[Ready]),
    rule("Abort", Job::Abort, Void, BUSY),
    rule("ObsReset", Job::ObsReset, Void, STOPPED),
    rule("Restart", Job::Restart, Void, STOPPED),
    any("On", Job::On, Void),
    any("Off", Job::Off, Void),
    any("Standby", Job::Standby, Void),
];

const TMC: &[CommandRule] = &[
    rule("AssignResources", Job::Assign, Json, &[Empty, Idle]),
    rule("ReleaseResources", Job::Release, Json, &[Idle]),
    rule("ReleaseAllResources", Job::ReleaseAll, Void, &[Idle]),
    rule("Configure", Job::Configure, Json, &[Idle, Ready]),
    rule("Scan", Job::Scan, Json, &[Ready]),
    rule("EndScan", Job::EndScan, Void, &[Scanning]),
    rule("End", Job::End, Void, &[Ready]),
    rule("Abort", Job::Abort, Void, BUSY),
    rule("ObsReset", Job::ObsReset, Void, STOPPED),
    rule("Restart", Job::Restart, Void, STOPPED),
    any("On", Job::On, Void),
    any("Off", Job::Off, Void),
    any("Standby", Job::Standby, Void),
];

const CONTROLLER: &[CommandRule] = &[
    any("On", Job::On, Void),
    any("Off", Job::Off, Void),
    any("Standby", Job::Standby, Void),
];

const CENTRAL_NODE: &[CommandRule] = &[
    any("TelescopeOn", Job::On, Void),
    any("TelescopeOff", Job::Off, Void),
    any("TelescopeStandby", Job::Standby, Void),
    any("AssignResources", Job::Assign, Json),
    any("ReleaseResources", Job::Release, Json),
];

const SUBARRAY_LEAF: &[CommandRule] = &[
    any("AssignResources", Job::Assign, Json),
    any("ReleaseResources", Job::Release, Json),
    any("ReleaseAllResources", Job::ReleaseAll, Void),
    any("Configure", Job::Configure, Json),
    any("Scan", Job::Scan, Json),
    any("EndScan", Job::EndScan, Void),
    any("End", Job::End, Void),
    any("Abort", Job::Abort, Void),
    any("ObsReset", Job::ObsReset, Void),
    any("Restart", Job::Restart, Void),
    any("On", Job::On, Void),
    any("Off", Job::Off, Void),
    any("Standby", Job::Standby, Void),
];

const DISH: &[CommandRule] = &[
    any(
        "SetStandbyLPMode",
        Job::SetDishMode(DishMode::StandbyLp),
        Void,
    ),
    any(
        "SetStandbyFPMode",
        Job::SetDishMode(DishMode::StandbyFp),
        Void,
    ),
    any("SetOperateMode", Job::SetDishMode(DishMode::Operate), Void),
    any("SetStowMode", Job::SetDishMode(DishMode::Stow), Void),
    any(
        "SetMaintenanceMode",
        Job::SetDishMode(DishMode::Maintenance),
        Void,
    ),
    any("ConfigureBand1", Job::ConfigureBand(Band::B1), Text),
    any("ConfigureBand2", Job::ConfigureBand(Band::B2), Text),
    any("ConfigureBand3", Job::ConfigureBand(Band::B3), Text),
    any("ConfigureBand4", Job::ConfigureBand(Band::B4), Text),
    any("ConfigureBand5a", Job::ConfigureBand(Band::B5a), Text),
    any("ConfigureBand5b", Job::ConfigureBand(Band::B5b), Text),
    any("Track", Job::Track, Text),
    any("TrackStop", Job::TrackStop, Void),
    any("Scan", Job::Scan, Text),
    any("EndScan", Job::EndScan, Void),
    any("Abort", Job::Abort, Void),
];

const DISH_LEAF: &[CommandRule] = &[
    any(
        "SetStandbyLPMode",
        Job::SetDishMode(DishMode::StandbyLp),
        Void,
    ),
    any(
        "SetStandbyFPMode",
        Job::SetDishMode(DishMode::StandbyFp),
        Void,
    ),
    any("SetOperateMode", Job::SetDishMode(DishMode::Operate), Void),
    any("SetStowMode", Job::SetDishMode(DishMode::Stow), Void),
    any("Configure", Job::Configure, Json),
    any("TrackStop", Job::TrackStop, Void),
    any("Scan", Job::Scan, Text),
    any("EndScan", Job::EndScan, Void),
    any("Abort", Job::Abort, Void),
];

#[cfg(test)]
mod tests {
    use super::{CommandTable, ObsState};
    use crate::model::ObsStateMachine;

    /// Rows as in the documentation of the base class; a letter per state from EMPTY to
    /// RESTARTING, `x` where the command is allowed.
    const EXPECTED: [(&str, &str); 13] = [
        ("AssignResources", "x.x........"),
        ("ReleaseResources", "x.x........"),
        ("ReleaseAllResources", "x.x........"),
        ("Configure", "..x.x......"),
        ("Scan", "....x......"),
        ("EndScan", ".....x....."),
        ("End", "..x.x......"),
        ("Abort", ".xxxxx..x.."),
        ("ObsReset", ".......x.x."),
        ("Restart", ".......x.x."),
        ("On", "xxxxxxxxxxx"),
        ("Off", "xxxxxxxxxxx"),
        ("Standby", "xxxxxxxxxxx"),
    ];

    /// Where the SDP's own conformance scenarios say that a command succeeds.
    const EXPECTED_OF_SDP: [(&str, &str); 8] = [
        ("AssignResources", "x.........."),
        ("ReleaseResources", "..x........"),
        ("Configure", "..x.x......"),
        ("End", "....x......"),
        ("Scan", "....x......"),
        ("EndScan", ".....x....."),
        ("Abort", "..xxxx..x.."),
        ("Restart", ".......x.x."),
    ];

    fn allowed(table: CommandTable, command: &str) -> String {
        let rule = table.rule(command).unwrap();
        ObsState::ALL
            .iter()
            .map(|state| if rule.is_allowed_in(*state) { 'x' } else { '.' })
            .collect()
    }

    #[test]
    fn the_base_class_allows_what_its_documentation_says() {
        let table = CommandTable::SKA_TANGO_BASE;
        assert_eq!(table.rules().len(), EXPECTED.len());
        for (command, expected) in EXPECTED {
            assert_eq!(allowed(table, command), expected, "{command}");
        }
    }

    #[test]
    fn the_sdp_allows_what_its_scenarios_say() {
        for (command, expected) in EXPECTED_OF_SDP {
            assert_eq!(allowed(CommandTable::SDP, command), expected, "{command}");
        }
    }

    #[test]
    fn the_machine_takes_every_command_where_a_table_allows_it() {
        for rule in CommandTable::OF_SUBARRAYS
            .iter()
            .flat_map(CommandTable::rules)
        {
            let Some(trigger) = rule.job.invoked() else {
                continue;
            };
            for state in rule.allowed_in {
                let mut machine = ObsStateMachine::new();
                machine.force(*state);
                assert!(machine.fire(trigger).is_ok(), "{} in {state}", rule.command);
            }
        }
    }

    #[test]
    fn the_machine_takes_every_command_where_the_table_allows_it() {
        for rule in CommandTable::SKA_TANGO_BASE.rules() {
            let Some(trigger) = rule.job.invoked() else {
                continue;
            };
            for state in ObsState::ALL {
                let mut machine = ObsStateMachine::new();
                machine.force(*state);
                assert_eq!(
                    machine.fire(trigger).is_ok(),
                    rule.is_allowed_in(*state),
                    "{} in {state}",
                    rule.command
                );
            }
        }
    }
}
