//! What commands lead where in a subarray of the SKA.

use harness_core::state_machine::{StateGraph, Transition};
use harness_tango::control_model::ObsState::{
    self, Aborted, Aborting, Configuring, Empty, Fault, Idle, Ready, Resetting, Resourcing,
    Restarting, Scanning,
};

use crate::lifecycle::Lifecycle;

/// One row: the command, where it is allowed, the state that it passes, if any, and where it leads.
type Row = (
    &'static str,
    &'static [ObsState],
    Option<ObsState>,
    ObsState,
    f64,
);

/// What a subarray can be aborted from.
const BUSY: &[ObsState] = &[Resourcing, Idle, Configuring, Ready, Scanning, Resetting];

/// All that the control model allows, by `ska-tango-base` 1.0. The graph that is navigated by leaves
/// out what it has no use for, as Configure in READY. ObsReset is not among it: where it leads
/// depends on what is held.
const ROWS: &[Row] = &[
    (
        "AssignResources",
        &[Empty, Idle],
        Some(Resourcing),
        Idle,
        1.0,
    ),
    ("ReleaseAllResources", &[Idle], Some(Resourcing), Empty, 1.0),
    ("Configure", &[Idle, Ready], Some(Configuring), Ready, 1.0),
    ("Scan", &[Ready], None, Scanning, 1.0),
    ("EndScan", &[Scanning], None, Ready, 1.0),
    ("End", &[Ready], None, Idle, 1.0),
    ("Abort", BUSY, Some(Aborting), Aborted, 10.0),
    ("Restart", &[Aborted, Fault], Some(Restarting), Empty, 10.0),
];

/// What commands lead where in a subarray of the SKA, and that it is at home in EMPTY. Only these of
/// them are ever sent; all that are known, if none are named.
///
/// ```
/// use harness_explore::tango::subarray_lifecycle;
/// use harness_tango::control_model::ObsState;
///
/// let lifecycle = subarray_lifecycle(|command| command != "Abort");
/// assert!(lifecycle.way(&ObsState::Ready, "Configure").is_some());
/// assert!(!lifecycle.commands().contains(&"Abort"));
/// ```
#[must_use]
pub fn subarray_lifecycle(sends: impl Fn(&str) -> bool) -> Lifecycle<ObsState> {
    let mut graph = StateGraph::new();
    for (command, from, via, to, cost) in ROWS.iter().copied() {
        if !sends(command) {
            continue;
        }
        let transition = |to| {
            let transition = Transition::to(to).named(command).cost(cost);
            transition.from(from.iter().copied())
        };
        let passing = via.map(|via| transition(via).transient());
        for transition in [Some(transition(to)), passing].into_iter().flatten() {
            // the table is sound, which a test shows
            let declared = graph.declare(transition);
            debug_assert!(declared.is_ok(), "{declared:?}");
        }
    }
    Lifecycle::new(&graph, Empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_a_way_and_what_is_not_sent_is_none() {
        let lifecycle = subarray_lifecycle(|_| true);
        for (command, from, via, to, _) in ROWS {
            for state in *from {
                let way = lifecycle.way(state, command).unwrap();
                assert_eq!(
                    (&way.via, way.to),
                    (&Vec::from_iter(*via), *to),
                    "{command}"
                );
            }
        }
        assert!(lifecycle.is_transient(&Resourcing) && !lifecycle.is_transient(&Scanning));
        let few = subarray_lifecycle(|command| command == "Configure");
        assert_eq!(few.commands(), ["Configure"]);
    }
}
