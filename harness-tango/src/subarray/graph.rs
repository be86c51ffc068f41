//! The states of a subarray and the commands that lead from one to another.

use harness_core::state_machine::{StateGraph, Transition};

use crate::control_model::ObsState::{
    self, Aborted, Aborting, Configuring, Empty, Fault, Idle, Ready, Resetting, Resourcing,
    Restarting, Scanning,
};

/// A normal step.
const NORMAL: f64 = 1.0;
/// Disrupts what is going on.
const DISRUPTIVE: f64 = 10.0;
/// Only when nothing else leads there.
const LAST_RESORT: f64 = 50.0;

/// What a subarray can be aborted from. RESETTING is no part of the seed of this graph, and is
/// listed on its own below.
const BUSY: &[ObsState] = &[Resourcing, Idle, Configuring, Ready, Scanning];
/// What a subarray must be restarted or reset from.
const STOPPED: &[ObsState] = &[Aborted, Fault];

/// How a step is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Manner {
    /// Send the command; wait for the state and for the command to complete.
    Complete(&'static str),
    /// Send the command; wait for the state only, since the command completes later or elsewhere.
    Begin(&'static str),
    /// Send nothing; wait until the subarray gets there by itself.
    Wait,
}

/// One row of the table below.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) manner: Manner,
    pub(super) sources: &'static [ObsState],
    pub(super) target: ObsState,
    pub(super) cost: f64,
}

impl Step {
    pub(super) fn transition(&self) -> Transition<ObsState> {
        let transition = Transition::to(self.target)
            .named(match self.manner {
                Manner::Complete(command) | Manner::Begin(command) => command,
                Manner::Wait => "wait",
            })
            .from(self.sources.iter().copied())
            .cost(self.cost);
        if self.target.is_transient() {
            transition.transient()
        } else {
            transition
        }
    }
}

const fn step(manner: Manner, sources: &'static [ObsState], target: ObsState, cost: f64) -> Step {
    Step {
        manner,
        sources,
        target,
        cost,
    }
}

/// All steps. Their order decides between equally cheap plans: stable states come before the
/// transient ones on the same way.
pub(super) const STEPS: &[Step] = {
    use Manner::{Begin, Complete, Wait};
    &[
        step(Complete("AssignResources"), &[Empty], Idle, NORMAL),
        step(Complete("Configure"), &[Idle], Ready, NORMAL),
        step(Begin("Scan"), &[Ready], Scanning, NORMAL),
        step(Begin("AssignResources"), &[Empty], Resourcing, NORMAL),
        step(Begin("Configure"), &[Idle], Configuring, NORMAL),
        step(Complete("EndScan"), &[Scanning], Ready, NORMAL),
        step(Complete("End"), &[Ready], Idle, NORMAL),
        step(Complete("ReleaseAllResources"), &[Idle], Empty, NORMAL),
        step(Complete("Abort"), BUSY, Aborted, DISRUPTIVE),
        step(Complete("Restart"), STOPPED, Empty, DISRUPTIVE),
        step(Begin("Abort"), BUSY, Aborting, LAST_RESORT),
        step(Begin("Restart"), STOPPED, Restarting, LAST_RESORT),
        step(Wait, &[Aborting], Aborted, LAST_RESORT),
        step(Wait, &[Restarting], Empty, LAST_RESORT),
        // ObsReset keeps the resources, but telescope managers hardly use it: dearer than
        // Restart and AssignResources together, so that it is chosen only to see RESETTING.
        step(Complete("ObsReset"), STOPPED, Idle, LAST_RESORT),
        step(Begin("ObsReset"), STOPPED, Resetting, LAST_RESORT),
        step(Wait, &[Resetting], Idle, LAST_RESORT),
        step(Complete("Abort"), &[Resetting], Aborted, DISRUPTIVE),
        step(Begin("Abort"), &[Resetting], Aborting, LAST_RESORT),
    ]
};

/// The states of a subarray and the commands that lead from one to another, with their costs:
/// 1 for a normal step, 10 for a disruptive one, 50 for a last resort. Nothing leads to FAULT.
///
/// It can be planned with and drawn; to walk it there is
/// [`Subarray::reach`](crate::subarray::Subarray::reach).
///
/// ```
/// use harness_tango::control_model::ObsState;
/// use harness_tango::subarray::subarray_graph;
///
/// let plan = subarray_graph().plan(&ObsState::Scanning, &ObsState::Empty);
/// assert_eq!(
///     plan.map(|plan| plan.to_string()).as_deref(),
///     Some("SCANNING -EndScan-> READY -End-> IDLE -ReleaseAllResources-> EMPTY (cost 3)")
/// );
/// ```
#[must_use]
pub fn subarray_graph() -> StateGraph<ObsState> {
    graph_of(|step| step.transition())
}

/// The graph with whatever is made of each step. The table is correct, which a test shows; a step
/// that were refused would be missing from the graph.
pub(super) fn graph_of(
    mut transition: impl FnMut(&'static Step) -> Transition<ObsState>,
) -> StateGraph<ObsState> {
    let mut graph = ObsState::ALL
        .iter()
        .fold(StateGraph::new(), |graph: StateGraph<ObsState>, state| {
            graph.with_state(state)
        });
    for step in STEPS {
        let declared = graph.declare(transition(step));
        debug_assert!(declared.is_ok(), "{declared:?}");
    }
    graph
}

#[cfg(test)]
mod tests {
    use super::{STEPS, subarray_graph};
    use crate::control_model::ObsState::{self, Empty, Fault, Resetting};

    /// The cheapest costs from each state (rows) to each (columns), both in the order of their
    /// numbers; `None` where the mission's graph has no way.
    const GOLDEN: [[Option<u32>; 11]; 11] = {
        const fn s(cost: u32) -> Option<u32> {
            Some(cost)
        }
        const N: Option<u32> = None;
        [
            [
                s(0),
                s(1),
                s(1),
                s(2),
                s(2),
                s(3),
                s(51),
                s(11),
                N,
                N,
                s(61),
            ],
            [
                s(20),
                s(0),
                s(21),
                s(22),
                s(22),
                s(23),
                s(50),
                s(10),
                N,
                N,
                s(60),
            ],
            [
                s(1),
                s(2),
                s(0),
                s(1),
                s(1),
                s(2),
                s(50),
                s(10),
                N,
                N,
                s(60),
            ],
            [
                s(20),
                s(21),
                s(21),
                s(0),
                s(22),
                s(23),
                s(50),
                s(10),
                N,
                N,
                s(60),
            ],
            [
                s(2),
                s(3),
                s(1),
                s(2),
                s(0),
                s(1),
                s(50),
                s(10),
                N,
                N,
                s(60),
            ],
            [
                s(3),
                s(4),
                s(2),
                s(3),
                s(1),
                s(0),
                s(50),
                s(10),
                N,
                N,
                s(60),
            ],
            [
                s(60),
                s(61),
                s(61),
                s(62),
                s(62),
                s(63),
                s(0),
                s(50),
                N,
                N,
                s(100),
            ],
            [
                s(10),
                s(11),
                s(11),
                s(12),
                s(12),
                s(13),
                s(61),
                s(0),
                N,
                N,
                s(50),
            ],
            [N, N, N, N, N, N, N, N, s(0), N, N],
            [
                s(10),
                s(11),
                s(11),
                s(12),
                s(12),
                s(13),
                s(61),
                s(21),
                N,
                s(0),
                s(50),
            ],
            [
                s(50),
                s(51),
                s(51),
                s(52),
                s(52),
                s(53),
                s(101),
                s(61),
                N,
                N,
                s(0),
            ],
        ]
    };

    #[test]
    fn every_golden_cost_stands_and_only_resetting_gained_ways() {
        let graph = subarray_graph();
        for from in ObsState::ALL {
            for to in ObsState::ALL {
                let row = usize::try_from(from.number()).unwrap();
                let column = usize::try_from(to.number()).unwrap();
                let cost = graph.cost(from, to).map(|cost| cost.value());
                match GOLDEN[row][column] {
                    Some(golden) => assert_eq!(cost, Some(f64::from(golden)), "{from} -> {to}"),
                    None => assert_eq!(
                        cost.is_some(),
                        *to != Fault && (*to == Resetting || *from == Resetting),
                        "{from} -> {to}"
                    ),
                }
            }
        }
    }

    #[test]
    fn the_way_to_aborted_leads_through_the_stable_state() {
        let plan = subarray_graph().plan(&Empty, &ObsState::Aborted).unwrap();
        assert_eq!(
            plan.to_string(),
            "EMPTY -AssignResources-> IDLE -Abort-> ABORTED (cost 11)"
        );
    }

    #[test]
    fn the_ways_out_of_trouble() {
        let way = |from| subarray_graph().plan(&from, &Empty).unwrap().to_string();
        assert_eq!(way(Fault), "FAULT -Restart-> EMPTY (cost 10)");
        assert_eq!(
            way(Resetting),
            "RESETTING -Abort-> ABORTED -Restart-> EMPTY (cost 20)"
        );
        assert_eq!(
            way(ObsState::Aborting),
            "ABORTING -wait-> ABORTED -Restart-> EMPTY (cost 60)"
        );
    }

    #[test]
    fn all_steps_are_in_the_graph_and_none_leads_to_fault() {
        let graph = subarray_graph();
        assert_eq!(graph.transitions().len(), STEPS.len());
        assert_eq!(graph.states().count(), 11);
        assert!(
            graph
                .transitions()
                .iter()
                .all(|transition| *transition.target() != Fault)
        );
    }
}
