//! What the device says about its commands.

use tango_wire::types::{CommandInfo, DataType};

use super::control::Control;
use crate::attribute::Attribute;
use crate::model::{Argument, CommandTable, Manners};

/// All commands but State, Status and Init, which every device has.
pub(super) fn infos(table: CommandTable, attributes: &[Attribute]) -> Vec<CommandInfo> {
    let long_running = table.rules().iter().map(|rule| {
        let (input, words) = match rule.argument {
            Argument::Void => (DataType::Void, ""),
            Argument::Json => (DataType::String, "a JSON object"),
            Argument::Text => (DataType::String, "any text"),
        };
        let (output, answer) = match table.manners() {
            Manners::Plain => (DataType::Void, ""),
            Manners::BaseClass | Manners::TelescopeManager => (
                DataType::VarLongStringArray,
                "a result code, and the id of the command or a reason",
            ),
        };
        described(CommandInfo::new(rule.command, input, output), words, answer)
    });
    long_running.chain(Control::of(attributes)).collect()
}

pub(super) fn described(mut info: CommandInfo, input: &str, output: &str) -> CommandInfo {
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
    use super::{Attribute, CommandTable, Control, DataType, infos};

    #[test]
    fn long_running_commands_take_json_or_nothing_and_answer_code_and_text() {
        let infos = infos(CommandTable::SKA_TANGO_BASE, &[Attribute::ObsState]);
        let info = |name: &str| infos.iter().find(|info| info.name == name).unwrap();
        assert_eq!(info("Configure").input, DataType::String);
        assert_eq!(info("Configure").output, DataType::VarLongStringArray);
        assert_eq!(info("Abort").input, DataType::Void);
        assert_eq!(info("SetDefective").output, DataType::Void);
    }

    #[test]
    fn no_name_is_used_twice() {
        for table in [
            CommandTable::SKA_TANGO_BASE,
            CommandTable::CENTRAL_NODE,
            CommandTable::DISH,
            CommandTable::DISH_LEAF,
            CommandTable::SDP_LMC,
            CommandTable::SDP_LMC_CONTROLLER,
        ] {
            let mut names: Vec<_> = infos(table, Attribute::ALL)
                .into_iter()
                .map(|info| info.name.to_lowercase())
                .collect();
            let all = names.len();
            names.sort();
            names.dedup();
            assert_eq!(names.len(), all, "{}", table.name());
        }
        assert!(Control::from_name("setdefective").is_some());
        assert!(Control::from_name("Scan").is_none());
    }
}
