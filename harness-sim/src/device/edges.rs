//! The ways between obsStates, as a model shows them.

use harness_tango::control_model::ObsState;

use crate::model::{CommandTable, Holding, Job};
use crate::transition::{Edge, Model};

const HOLDINGS: [Holding; 3] = [Holding::Nothing, Holding::Resources, Holding::Configuration];

/// Adds the ways that these commands go, and the spontaneous ones behind them. Commands that are
/// accepted in all obsStates are those of devices that have none.
pub(super) fn with_edges(mut model: Model, table: CommandTable) -> Model {
    for rule in table.rules() {
        let allowed = ObsState::ALL
            .iter()
            .filter(|state| rule.is_allowed_in(**state));
        let allowed: Vec<ObsState> = allowed.copied().collect();
        if allowed.len() == ObsState::ALL.len() {
            continue;
        }
        for from in allowed {
            if let Some(to) = entered(rule.job) {
                model = once(model, from, to, Some(rule.command));
            }
        }
        if let Some(transient) = rule.job.transient_state() {
            for to in HOLDINGS
                .iter()
                .filter_map(|holding| rule.job.commanded_state(*holding))
            {
                model = once(model, transient, to, None);
            }
        }
    }
    model
}

/// The obsState that a job leads to at once.
fn entered(job: Job) -> Option<ObsState> {
    match job {
        Job::Scan => Some(ObsState::Scanning),
        _ => job
            .transient_state()
            .or_else(|| job.commanded_state(Holding::Configuration)),
    }
}

/// Several commands share what comes behind them.
fn once(model: Model, from: ObsState, to: ObsState, command: Option<&str>) -> Model {
    let (from, to) = (from.label(), to.label());
    let is_there =
        |edge: &Edge| *edge.from == *from && *edge.to == *to && edge.command.as_deref() == command;
    if model.edges().iter().any(is_there) {
        return model;
    }
    match command {
        Some(command) => model.on(command, from, to),
        None => model.spontaneous(from, to),
    }
}

#[cfg(test)]
mod tests {
    use super::{CommandTable, Model, with_edges};

    #[test]
    fn a_subarray_shows_its_ways_and_a_controller_has_none() {
        let model = with_edges(Model::new("csp::subarray"), CommandTable::SKA_TANGO_BASE);
        let edges: Vec<String> = model
            .edges()
            .iter()
            .map(|edge| {
                let command = edge.command.as_deref().unwrap_or("-");
                format!("{} {command} {}", edge.from, edge.to)
            })
            .collect();
        for way in [
            "EMPTY AssignResources RESOURCING",
            "RESOURCING - IDLE",
            "RESOURCING - EMPTY",
            "CONFIGURING - READY",
            "READY Scan SCANNING",
            "SCANNING EndScan READY",
            "FAULT Restart RESTARTING",
            "RESTARTING - EMPTY",
        ] {
            let found = edges.iter().filter(|edge| *edge == way);
            assert_eq!(found.count(), 1, "{way}: {edges:#?}");
        }
        let node = with_edges(Model::new("tmc::central-node"), CommandTable::CENTRAL_NODE);
        assert!(node.edges().is_empty());
    }
}
