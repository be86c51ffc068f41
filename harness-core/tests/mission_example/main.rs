//! The example of the mission: a subarray's fourteen transitions, and what each way costs.

mod subarray;

use harness_core::state_machine::StateGraph;
use subarray::ObsState::{
    self, Aborted, Aborting, Configuring, Empty, Fault, Idle, Ready, Resetting, Resourcing,
    Restarting, Scanning,
};
use subarray::{STATES, subarray};

/// What the cheapest way costs from each state (rows) to each (columns); `-` where there is none.
const GOLDEN: &str = "
from         EMPTY RESOURCING IDLE CONFIGURING READY SCANNING ABORTING ABORTED RESETTING FAULT RESTARTING
EMPTY            0          1    1           2     2        3       51      11         -     -         61
RESOURCING      20          0   21          22    22       23       50      10         -     -         60
IDLE             1          2    0           1     1        2       50      10         -     -         60
CONFIGURING     20         21   21           0    22       23       50      10         -     -         60
READY            2          3    1           2     0        1       50      10         -     -         60
SCANNING         3          4    2           3     1        0       50      10         -     -         60
ABORTING        60         61   61          62    62       63        0      50         -     -        100
ABORTED         10         11   11          12    12       13       61       0         -     -         50
RESETTING        -          -    -           -     -        -        -       -         0     -          -
FAULT           10         11   11          12    12       13       61      21         -     0         50
RESTARTING      50         51   51          52    52       53      101      61         -     -          0
";

fn way(from: ObsState, to: ObsState) -> String {
    graph().plan(&from, &to).expect("a way").to_string()
}

fn graph() -> StateGraph<ObsState> {
    subarray().expect("the example is correct")
}

/// One line of the table, without regard to how it is aligned.
fn row(cells: impl Iterator<Item = String>) -> String {
    cells.collect::<Vec<_>>().join(" ")
}

#[test]
fn all_121_costs_are_those_of_the_golden_table() {
    let graph = graph();
    let head = row(std::iter::once("from".to_owned()).chain(STATES.map(|s| s.to_string())));
    let rows = STATES.map(|from| {
        let costs = STATES.map(|to| match graph.cost(&from, &to) {
            Some(cost) => cost.to_string(),
            None => "-".to_owned(),
        });
        row(std::iter::once(from.to_string()).chain(costs))
    });
    let computed: Vec<String> = std::iter::once(head).chain(rows).collect();
    let golden: Vec<String> = GOLDEN
        .trim()
        .lines()
        .map(|line| row(line.split_whitespace().map(str::to_owned)))
        .collect();
    assert_eq!(computed, golden);
    assert_eq!(
        golden
            .iter()
            .map(|line| line.split(' ').count() - 1)
            .sum::<usize>(),
        11 * 12
    );
}

#[test]
fn the_example_has_fourteen_transitions_and_eleven_states() {
    let graph = graph();
    assert_eq!(graph.transitions().len(), 14);
    assert_eq!(graph.states().count(), 11);
}

#[test]
fn from_scanning_to_empty_the_normal_way_is_taken() {
    assert_eq!(
        way(Scanning, Empty),
        "SCANNING -EndScan-> READY -End-> IDLE -ReleaseAllResources-> EMPTY (cost 3)"
    );
}

#[test]
fn a_transient_state_without_a_wait_is_left_by_an_abort() {
    assert_eq!(
        way(Resourcing, Idle),
        "RESOURCING -Abort-> ABORTED -Restart-> EMPTY -AssignResources-> IDLE (cost 21)"
    );
    assert_eq!(
        way(Configuring, Ready),
        "CONFIGURING -Abort-> ABORTED -Restart-> EMPTY -AssignResources-> IDLE \
         -Configure-> READY (cost 22)"
    );
}

#[test]
fn what_stopped_is_restarted_and_what_stops_is_waited_for() {
    assert_eq!(way(Fault, Empty), "FAULT -Restart-> EMPTY (cost 10)");
    assert_eq!(way(Aborting, Aborted), "ABORTING -wait-> ABORTED (cost 50)");
    assert_eq!(
        way(Restarting, Idle),
        "RESTARTING -wait-> EMPTY -AssignResources-> IDLE (cost 51)"
    );
    // An abort, though dear, is cheaper than to see ABORTING on the way.
    assert_eq!(way(Ready, Aborted), "READY -Abort-> ABORTED (cost 10)");
}

#[test]
fn ties_go_to_the_stable_state_in_every_run() {
    for (to, end) in [
        (Aborted, "-Abort-> ABORTED (cost 11)"),
        (Aborting, "-Abort-> ABORTING (cost 51)"),
        (
            Restarting,
            "-Abort-> ABORTED -Restart-> RESTARTING (cost 61)",
        ),
    ] {
        assert_eq!(
            way(Empty, to),
            format!("EMPTY -AssignResources-> IDLE {end}")
        );
    }
    assert_eq!(
        way(Fault, Aborted),
        "FAULT -Restart-> EMPTY -AssignResources-> IDLE -Abort-> ABORTED (cost 21)"
    );
    let plans = |_| STATES.map(|from| STATES.map(|to| graph().plan(&from, &to)));
    assert_eq!(plans(0), plans(1));
}

#[test]
fn a_detour_through_aborted_assigns_resources_first() {
    let plan = graph().plan_through(&Empty, &[Aborted], &Empty).unwrap();
    assert_eq!(
        plan.to_string(),
        "EMPTY -AssignResources-> IDLE -Abort-> ABORTED -Restart-> EMPTY (cost 21)"
    );
}

#[test]
fn a_transient_state_is_a_target_of_its_own() {
    let plan = graph().plan(&Empty, &Configuring).unwrap();
    assert_eq!(
        plan.to_string(),
        "EMPTY -AssignResources-> IDLE -Configure-> CONFIGURING (cost 2)"
    );
    let transient: Vec<bool> = plan
        .steps()
        .iter()
        .map(|step| step.is_transient())
        .collect();
    assert_eq!(transient, [false, true]);
}

#[test]
fn nothing_leaves_resetting_and_nothing_enters_fault() {
    let graph = graph();
    assert_eq!(graph.reachable_from(&Resetting), [Resetting]);
    assert_eq!(graph.leading_to(&Fault), [Fault]);
    assert_eq!(
        graph
            .plan_through(&Ready, &[], &Fault)
            .unwrap_err()
            .to_string(),
        "no way from READY to FAULT: no transition leads to FAULT; \
         READY leads to SCANNING, IDLE, ABORTED, ABORTING, CONFIGURING, EMPTY, RESTARTING, \
         RESOURCING"
    );
    assert_eq!(
        graph
            .plan_through(&Resetting, &[], &Empty)
            .unwrap_err()
            .to_string()
            .split(';')
            .next(),
        Some("no way from RESETTING to EMPTY: no transition leaves RESETTING")
    );
}
