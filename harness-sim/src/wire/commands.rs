//! What the device says about its commands.

use tango_wire::types::{CommandInfo, DataType};

use crate::model::{Argument, CommandTable};

/// A command by which a tester steers the simulated device, named as in the helper devices of
/// `ska-tmc-common`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Control {
    SetDefective,
    SetDelayInfo,
    ResetDelayInfo,
    SetDirectObsState,
    SetDirectHealthState,
    ClearCommandCallInfo,
    CheckLongRunningCommandStatus,
}

impl Control {
    const ALL: [Control; 7] = [
        Control::SetDefective,
        Control::SetDelayInfo,
        Control::ResetDelayInfo,
        Control::SetDirectObsState,
        Control::SetDirectHealthState,
        Control::ClearCommandCallInfo,
        Control::CheckLongRunningCommandStatus,
    ];

    const fn name(self) -> &'static str {
        match self {
            Control::SetDefective => "SetDefective",
            Control::SetDelayInfo => "SetDelayInfo",
            Control::ResetDelayInfo => "ResetDelayInfo",
            Control::SetDirectObsState => "SetDirectObsState",
            Control::SetDirectHealthState => "SetDirectHealthState",
            Control::ClearCommandCallInfo => "ClearCommandCallInfo",
            Control::CheckLongRunningCommandStatus => "CheckLongRunningCommandStatus",
        }
    }

    /// The control command of that name, in any case of letters.
    pub(super) fn from_name(name: &str) -> Option<Control> {
        Control::ALL
            .into_iter()
            .find(|control| control.name().eq_ignore_ascii_case(name))
    }

    fn info(self) -> CommandInfo {
        let (input, output, words) = match self {
            Control::SetDefective => (
                DataType::String,
                DataType::Void,
                "{\"enabled\": bool, \"fault_type\": 0 to 7, \"error_message\": text, \"result\": \
                 number, \"intermediate_state\": number, \"target_obsstates\": numbers, \
                 \"command\": name, \"times\": number}",
            ),
            Control::SetDelayInfo => (
                DataType::String,
                DataType::Void,
                "seconds by command: {\"Configure\": 2.5}",
            ),
            Control::SetDirectObsState => (DataType::Short, DataType::Void, "an obsState"),
            Control::SetDirectHealthState => (DataType::Short, DataType::Void, "a healthState"),
            Control::CheckLongRunningCommandStatus => {
                (DataType::String, DataType::String, "the id of a command")
            }
            Control::ResetDelayInfo | Control::ClearCommandCallInfo => {
                (DataType::Void, DataType::Void, "")
            }
        };
        described(CommandInfo::new(self.name(), input, output), words, "")
    }
}

/// All commands but State, Status and Init, which every device has.
pub(super) fn infos(table: CommandTable) -> Vec<CommandInfo> {
    let long_running = table.rules().iter().map(|rule| {
        let (input, words) = match rule.argument {
            Argument::Void => (DataType::Void, ""),
            Argument::Json => (DataType::String, "a JSON object"),
        };
        described(
            CommandInfo::new(rule.command, input, DataType::VarLongStringArray),
            words,
            "a result code, and the id of the command or a reason",
        )
    });
    long_running
        .chain(Control::ALL.into_iter().map(Control::info))
        .collect()
}

fn described(mut info: CommandInfo, input: &str, output: &str) -> CommandInfo {
    if !input.is_empty() {
        info.input_description = input.to_owned();
    }
    if !output.is_empty() {
        info.output_description = output.to_owned();
    }
    info
}

#[cfg(test)]
mod tests {
    use super::{CommandTable, Control, DataType, infos};

    #[test]
    fn long_running_commands_take_json_or_nothing_and_answer_code_and_text() {
        let infos = infos(CommandTable::SKA_TANGO_BASE);
        let info = |name: &str| infos.iter().find(|info| info.name == name).unwrap();
        assert_eq!(info("Configure").input, DataType::String);
        assert_eq!(info("Configure").output, DataType::VarLongStringArray);
        assert_eq!(info("Abort").input, DataType::Void);
        assert_eq!(info("SetDefective").output, DataType::Void);
    }

    #[test]
    fn no_name_is_used_twice() {
        let mut names: Vec<_> = infos(CommandTable::SKA_TANGO_BASE)
            .into_iter()
            .map(|info| info.name.to_lowercase())
            .collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
        assert!(Control::from_name("setdefective").is_some());
        assert!(Control::from_name("Scan").is_none());
    }
}
