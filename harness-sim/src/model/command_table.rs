//! Which commands a subarray has, and in which observation states it accepts them.

use harness_tango::control_model::ObsState;

use super::Job;

/// What a command takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Nothing.
    Void,
    /// A text that holds a JSON object.
    Json,
}

/// One command: its name, what it takes, what it does, and where it is allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandRule {
    /// The name as it is on the wire.
    pub command: &'static str,
    /// What the command does.
    pub job: Job,
    /// What the command takes.
    pub argument: Argument,
    /// The observation states in which the device accepts it.
    pub allowed_in: &'static [ObsState],
}

impl CommandRule {
    /// Whether the command is accepted in this state.
    #[must_use]
    pub fn is_allowed_in(&self, obs_state: ObsState) -> bool {
        self.allowed_in.contains(&obs_state)
    }
}

/// The long running commands of one kind of subarray, as data.
///
/// Kinds of subarrays differ in the names of their commands and in where they accept them; a kind
/// is one more table.
///
/// ```
/// use harness_sim::model::CommandTable;
/// use harness_tango::control_model::ObsState;
///
/// let table = CommandTable::SKA_TANGO_BASE;
/// let abort = table.rule("abort").expect("every subarray can be aborted");
/// assert!(abort.is_allowed_in(ObsState::Resourcing));
/// assert!(!abort.is_allowed_in(ObsState::Empty));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandTable {
    name: &'static str,
    rules: &'static [CommandRule],
}

impl CommandTable {
    /// `SKASubarray` of `ska-tango-base` 0.15.0 to 1.3.2.
    pub const SKA_TANGO_BASE: CommandTable = CommandTable {
        name: "ska-tango-base",
        rules: SKA_TANGO_BASE,
    };

    /// A table of one's own.
    #[must_use]
    pub const fn new(name: &'static str, rules: &'static [CommandRule]) -> CommandTable {
        CommandTable { name, rules }
    }

    /// The name of the kind of subarray.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// All commands, in the order in which they were declared.
    #[must_use]
    pub const fn rules(&self) -> &'static [CommandRule] {
        self.rules
    }

    /// The rule of a command, in any case of letters, as Tango takes command names.
    #[must_use]
    pub fn rule(&self, command: &str) -> Option<&'static CommandRule> {
        self.rules
            .iter()
            .find(|rule| rule.command.eq_ignore_ascii_case(command))
    }
}

const SKA_TANGO_BASE: &[CommandRule] = {
    use Argument::{Json, Void};
    use ObsState::{Aborted, Configuring, Empty, Fault, Idle, Ready, Resetting, Resourcing};

    const fn rule(
        command: &'static str,
        job: Job,
        argument: Argument,
        allowed_in: &'static [ObsState],
    ) -> CommandRule {
        CommandRule {
            command,
            job,
            argument,
            allowed_in,
        }
    }

    &[
        rule("AssignResources", Job::Assign, Json, &[Empty, Idle]),
        rule("ReleaseResources", Job::Release, Json, &[Empty, Idle]),
        rule("ReleaseAllResources", Job::ReleaseAll, Void, &[Empty, Idle]),
        rule("Configure", Job::Configure, Json, &[Idle, Ready]),
        rule("Scan", Job::Scan, Json, &[Ready]),
        rule("EndScan", Job::EndScan, Void, &[ObsState::Scanning]),
        rule("End", Job::End, Void, &[Idle, Ready]),
        rule(
            "Abort",
            Job::Abort,
            Void,
            &[
                Resourcing,
                Idle,
                Configuring,
                Ready,
                ObsState::Scanning,
                Resetting,
            ],
        ),
        rule("ObsReset", Job::ObsReset, Void, &[Aborted, Fault]),
        rule("Restart", Job::Restart, Void, &[Aborted, Fault]),
        rule("On", Job::On, Void, ObsState::ALL),
        rule("Off", Job::Off, Void, ObsState::ALL),
    ]
};

#[cfg(test)]
mod tests {
    use super::{CommandTable, ObsState};
    use crate::model::ObsStateMachine;

    /// Rows as in the documentation of the base class; a letter per state from EMPTY to
    /// RESTARTING, `x` where the command is allowed.
    const EXPECTED: [(&str, &str); 12] = [
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
    ];

    #[test]
    fn the_base_class_allows_what_its_documentation_says() {
        let table = CommandTable::SKA_TANGO_BASE;
        assert_eq!(table.rules().len(), EXPECTED.len());
        for (command, allowed) in EXPECTED {
            let rule = table.rule(command).unwrap();
            let actual: String = ObsState::ALL
                .iter()
                .map(|state| if rule.is_allowed_in(*state) { 'x' } else { '.' })
                .collect();
            assert_eq!(actual, allowed, "{command}");
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
