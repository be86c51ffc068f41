//! The delays of the helper devices, as settings of how transitions go.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::edges::with_edges;
use crate::model::{CommandTable, Delays, Progression};
use crate::transition::{Instance, Model, Progression as When, Scope, Transition};

use harness_tango::control_model::ObsState;

/// The model of devices with these commands, which by default take so long.
pub(crate) fn model_of(
    name: &str,
    tables: impl IntoIterator<Item = CommandTable>,
    delays: &Delays,
) -> Model {
    let mut model = Model::new(name).with_default(transition(delays.of_all()));
    for table in tables {
        let commands = table.rules().iter().map(|rule| rule.command);
        model = with_edges(model.with_commands(commands), table);
    }
    for state in ObsState::LABELS {
        model = model.with_state(state);
    }
    let commands: Vec<String> = model.commands().into_iter().map(str::to_owned).collect();
    for command in commands {
        if let Some(progression) = delays.of_one(&command) {
            model = model.with_command_default(&command, transition(progression));
        }
    }
    model.faulting_to(ObsState::Fault.label())
}

/// How a transition goes that progresses so.
pub(crate) fn transition(progression: Progression) -> Transition {
    match progression {
        Progression::Immediate | Progression::AfterReads(0) => Transition::immediate(),
        Progression::After(time) => Transition::after(time),
        // the last of these reads still gets the old state
        Progression::AfterReads(reads) => Transition::after_reads(reads.saturating_add(1)),
    }
}

/// The scope of one command of an instance.
pub(super) fn scope_of(instance: &Instance, command: &str) -> Scope {
    Scope::instance(instance.name()).command(command)
}

/// The JSON of the seconds that each command takes. Those whose end time alone does not decide
/// have none, nor have those that are drawn.
pub(super) fn write_delays(instance: &Instance, table: CommandTable) -> String {
    let seconds: BTreeMap<&str, Json> = table
        .rules()
        .iter()
        .filter_map(|rule| {
            let scope = scope_of(instance, rule.command);
            let effective = instance.controller().effective(&scope).ok()?;
            let seconds = match effective.progression {
                When::Immediate => 0.0,
                When::Time(dwell) => match dwell.bounds() {
                    (from, to) if from == to => from.as_secs_f64(),
                    _ => return None,
                },
                _ => return None,
            };
            Some((rule.command, seconds.into()))
        })
        .collect();
    serde_json::to_string(&seconds).unwrap_or_default()
}
