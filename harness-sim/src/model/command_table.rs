//! Which commands a device has, and in which observation states it accepts them.

use harness_tango::control_model::ObsState;

use super::Job;

/// What a command takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Argument {
    /// Nothing.
    Void,
    /// A text that holds a JSON object.
    Json,
    /// Any text.
    Text,
}

/// How a device words its results, and how it takes what is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manners {
    /// As the base class: "Configure completed OK"; bad input raises an exception.
    BaseClass,
    /// As devices from before long running commands: nothing is replied, and all that is wrong
    /// raises an exception, also that a device is already as it should be.
    Plain,
    /// As the telescope manager's nodes: "Command Completed"; bad input is rejected in the reply.
    TelescopeManager,
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
    /// The observation states in which the device accepts it; devices without obsState have them
    /// all here.
    pub allowed_in: &'static [ObsState],
}

impl CommandRule {
    /// A rule.
    #[must_use]
    pub const fn new(
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

    /// Whether the command is accepted in this state.
    #[must_use]
    pub fn is_allowed_in(&self, obs_state: ObsState) -> bool {
        self.allowed_in.contains(&obs_state)
    }
}

/// The long running commands of one kind of device, as data.
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
/// assert_eq!(CommandTable::named("sdp"), Some(CommandTable::SDP));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CommandTable {
    name: &'static str,
    rules: &'static [CommandRule],
    manners: Manners,
}

impl CommandTable {
    /// A table of one's own, of a device with the base class's manners.
    #[must_use]
    pub const fn new(name: &'static str, rules: &'static [CommandRule]) -> CommandTable {
        CommandTable {
            name,
            rules,
            manners: Manners::BaseClass,
        }
    }

    /// Has other manners.
    #[must_use]
    pub const fn with_manners(mut self, manners: Manners) -> CommandTable {
        self.manners = manners;
        self
    }

    /// The name of the kind of device.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// All commands, in the order in which they were declared.
    #[must_use]
    pub const fn rules(&self) -> &'static [CommandRule] {
        self.rules
    }

    /// How the device words its results.
    #[must_use]
    pub const fn manners(&self) -> Manners {
        self.manners
    }

    /// The rule of a command, in any case of letters, as Tango takes command names.
    #[must_use]
    pub fn rule(&self, command: &str) -> Option<&'static CommandRule> {
        self.rules
            .iter()
            .find(|rule| rule.command.eq_ignore_ascii_case(command))
    }

    /// The rule of the command that does a job.
    #[must_use]
    pub fn rule_of(&self, job: Job) -> Option<&'static CommandRule> {
        self.rules.iter().find(|rule| rule.job == job)
    }
}
