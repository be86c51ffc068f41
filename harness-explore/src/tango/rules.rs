//! What commands lead where in a subarray of the SKA.

use harness_core::state_machine::{StateGraph, Transition};
use harness_tango::control_model::ObsState::{
    self, Aborted, Aborting, Configuring, Empty, Fault, Idle, Ready, Resetting, Resourcing,
    Restarting, Scanning,
};

use crate::lifecycle::Lifecycle;

/// Which commands a subarray takes where: implementations differ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SubarrayRules {
    /// As `SKASubarray` of `ska-tango-base` 0.15 to 1.3: ReleaseAllResources is taken in EMPTY, too, and
    /// End in IDLE.
    SkaTangoBase,
    /// As the telescope manager's subarray nodes.
    #[default]
    TelescopeManager,
    /// As subarrays of the science data processor: resources are assigned in EMPTY only, and RESOURCING
    /// can't be aborted.
    Sdp,
}

impl SubarrayRules {
    /// All of them.
    pub const ALL: &'static [SubarrayRules] = &[
        SubarrayRules::SkaTangoBase,
        SubarrayRules::TelescopeManager,
        SubarrayRules::Sdp,
    ];

    /// The name: `ska-tango-base`, `tmc`, `sdp`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            SubarrayRules::SkaTangoBase => "ska-tango-base",
            SubarrayRules::TelescopeManager => "tmc",
            SubarrayRules::Sdp => "sdp",
        }
    }

    /// Where a command is taken beside, or instead of, where the table says.
    fn amended(self, command: &str, from: &'static [ObsState]) -> &'static [ObsState] {
        match (self, command) {
            (SubarrayRules::SkaTangoBase, "End") => &[Idle, Ready],
            (SubarrayRules::Sdp, "AssignResources") => &[Empty],
            (SubarrayRules::Sdp, "Abort") => &[Idle, Configuring, Ready, Scanning, Resetting],
            _ => from,
        }
    }
}

/// One row: the command, where it is taken, the state that it passes, if any, where it leads, and what it
/// costs.
type Row = (
    &'static str,
    &'static [ObsState],
    Option<ObsState>,
    ObsState,
    f64,
);

/// What a subarray can be aborted from.
const BUSY: &[ObsState] = &[Resourcing, Idle, Configuring, Ready, Scanning, Resetting];

/// What all subarrays have in common, but for amendments. The graph that is navigated by leaves out what it
/// has no use for, as Configure in READY. ObsReset is not among it: where it leads depends on what is
/// held.
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

/// What `ska-tango-base` has besides.
const MORE_OF_THE_BASE: &[Row] = &[(
    "ReleaseAllResources",
    &[Empty],
    Some(Resourcing),
    Empty,
    1.0,
)];

/// What commands lead where in a subarray of the SKA with these rules, and that it is at home in EMPTY.
/// Only commands that `sends` holds for are ever sent.
///
/// ```
/// use harness_explore::tango::{SubarrayRules, subarray_lifecycle};
/// use harness_tango::control_model::ObsState;
///
/// let lifecycle = subarray_lifecycle(SubarrayRules::Sdp, |command| command != "Scan");
/// assert!(lifecycle.way(&ObsState::Ready, "Configure").is_some());
/// assert!(lifecycle.way(&ObsState::Idle, "AssignResources").is_none());
/// assert!(!lifecycle.commands().contains(&"Scan"));
/// ```
#[must_use]
pub fn subarray_lifecycle(
    rules: SubarrayRules,
    sends: impl Fn(&str) -> bool,
) -> Lifecycle<ObsState> {
    let mut graph = StateGraph::new();
    let more: &[Row] = match rules {
        SubarrayRules::SkaTangoBase => MORE_OF_THE_BASE,
        _ => &[],
    };
    for (command, from, via, to, cost) in ROWS.iter().chain(more).copied() {
        if !sends(command) {
            continue;
        }
        let from = rules.amended(command, from);
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
        let lifecycle = subarray_lifecycle(SubarrayRules::TelescopeManager, |_| true);
        for (command, from, via, to, _) in ROWS {
            for state in *from {
                let way = lifecycle.way(state, command).unwrap();
                let expected = (&Vec::from_iter(*via), *to);
                assert_eq!((&way.via, way.to), expected, "{command}");
            }
        }
        assert!(lifecycle.is_transient(&Resourcing) && !lifecycle.is_transient(&Scanning));
        let few = subarray_lifecycle(SubarrayRules::Sdp, |command| command == "Configure");
        assert_eq!(few.commands(), ["Configure"]);
    }

    #[test]
    fn implementations_differ() {
        let is_taken = |rules, state, command| {
            let lifecycle = subarray_lifecycle(rules, |_| true);
            lifecycle.way(&state, command).is_some()
        };
        for (state, command, expected) in [
            (Empty, "ReleaseAllResources", [true, false, false]),
            (Idle, "End", [true, false, false]),
            (Idle, "AssignResources", [true, true, false]),
            (Resourcing, "Abort", [true, true, false]),
            (Ready, "End", [true; 3]),
        ] {
            let taken = SubarrayRules::ALL
                .iter()
                .map(|it| is_taken(*it, state, command));
            assert_eq!(taken.collect::<Vec<_>>(), expected, "{command} in {state}");
        }
    }
}
