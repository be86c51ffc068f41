//! What is wrong with a system is found from its graph alone, and shown in as few steps as it takes.

use std::time::Duration;

use harness_core::state_machine::{StateGraph, Transition};
use harness_explore::lifecycle::Lifecycle;

use crate::subarray::{Bug, Obs, Pace, Subarray, graph, lifecycle, lifecycle_of};
use crate::{explore, explore_with};

/// Finds a bug with each of ten seeds, as one of these kinds and in one of these programs, none of
/// which has a step that is not needed. What goes wrong on the way home needs no step that goes it.
fn found(lifecycle: &dyn Fn() -> Lifecycle<Obs>, bug: Bug, kinds: &[&str], programs: &[&str]) {
    for seed in 0..10 {
        let report = explore(&lifecycle(), Some(bug), seed);
        let finding = report.findings.first();
        let finding = finding.unwrap_or_else(|| panic!("{bug:?}, seed {seed}: {report}"));
        let told = format!("{bug:?}, seed {seed}: {finding}");
        assert!(kinds.contains(&finding.violation.kind.as_str()), "{told}");
        assert!(finding.shrinking.one_minimal, "{told}");
        let script = finding.script();
        let lines = script
            .lines()
            .filter_map(|line| line.strip_prefix("state."));
        let steps: Vec<String> = lines
            .filter(|line| *line != "teardown()")
            .map(|line| {
                line.replace("()", "")
                    .replace("(input=", " ")
                    .replace(')', "")
            })
            .collect();
        let steps = steps.join(", ").replace('"', "");
        assert!(programs.contains(&steps.as_str()), "{told}");
    }
}

/// The graph, with what ObsReset does where nothing is assigned.
fn graph_with_empty_reset() -> StateGraph<Obs> {
    let reset = |to| Transition::to(to).named("ObsReset").from([Obs::Aborted]);
    graph()
        .with(reset(Obs::Idle))
        .and_then(|graph| graph.with(reset(Obs::Empty)))
        .expect("it is sound")
}

#[test]
fn nothing_is_found_where_nothing_is_wrong() {
    for seed in 0..5 {
        let report = explore(&lifecycle(), None, seed);
        assert!(report.is_clean(), "{report}");
        assert_eq!(report.never_enabled().count(), 0, "{report}");
    }
}

#[test]
fn a_system_that_is_ahead_of_what_it_told_is_not_taken_for_wrong() {
    for pace in [Pace::Quick, Pace::Lagging] {
        for seed in 0..5 {
            let report = explore_with(&lifecycle(), seed, 100, move || Subarray::at_pace(pace));
            assert!(report.is_clean(), "{pace:?}: {report}");
        }
    }
}

#[test]
fn an_abort_that_is_written_over_is_found() {
    let programs = ["begin_AssignResources, Abort"];
    found(
        &lifecycle,
        Bug::LostUpdate,
        &["Abort: wrong state"],
        &programs,
    );
}

#[test]
fn a_state_that_is_not_left_is_found() {
    let programs = ["AssignResources, Configure one beam, Configure most beams"];
    found(
        &lifecycle,
        Bug::StuckTransient,
        &["Configure: stuck"],
        &programs,
    );
}

#[test]
fn a_command_that_is_accepted_twice_is_found() {
    let kinds = ["Configure: stuck", "Configure: accepted though not allowed"];
    let programs = [
        "AssignResources, begin_Configure one beam, refused_Configure one beam",
        "AssignResources, begin_Configure one beam, refused_Configure no beam",
    ];
    found(&lifecycle, Bug::DoubleAccept, &kinds, &programs);
}

#[test]
fn a_command_that_is_accepted_and_waits_for_its_turn_is_found() {
    let programs = ["AssignResources, begin_Configure one beam, refused_Scan"];
    found(
        &lifecycle,
        Bug::Queue,
        &["Scan: accepted though not allowed"],
        &programs,
    );
}

#[test]
fn states_that_are_read_before_they_are_told_are_found() {
    // on the way home, or, where that comes first, at the first command
    let programs = ["AssignResources"];
    let kinds = ["AssignResources: told late"];
    found(&lifecycle, Bug::SlowEvents, &kinds, &programs);
    let patient = || lifecycle().with_lag(Duration::from_secs(3));
    let report = explore(&patient(), Some(Bug::SlowEvents), 1);
    assert!(report.is_clean(), "{report}");
}

#[test]
fn a_wrong_state_after_an_abort_is_found() {
    let programs = ["AssignResources, Configure one beam, Scan, Abort"];
    found(
        &lifecycle,
        Bug::WrongStateAfterAbort,
        &["Abort: wrong state"],
        &programs,
    );
}

#[test]
fn what_is_told_late_is_found_by_listening_longer() {
    let listening = || lifecycle().listening_for(Duration::from_millis(100));
    let programs = ["AssignResources, Configure one beam, Scan"];
    found(
        &listening,
        Bug::LateEvent,
        &["EndScan: told late"],
        &programs,
    );
}

#[test]
fn what_is_told_late_is_found_when_something_else_is_under_way() {
    for seed in 0..10 {
        let report = explore(&lifecycle(), Some(Bug::LateEvent), seed);
        let finding = &report.findings[0];
        let said = finding.violation.to_string();
        assert!(said.contains("wrong state: told SCANNING"), "{report}");
        assert!(finding.shrinking.one_minimal, "{report}");
    }
}

#[test]
fn what_is_left_at_home_is_found() {
    let programs = ["AssignResources, Configure one beam, Abort"];
    found(&lifecycle, Bug::Leak, &["Restart: leftovers"], &programs);
}

#[test]
fn a_reply_that_is_followed_by_no_result_is_found() {
    let programs = ["AssignResources, Abort, ObsReset"];
    found(
        &lifecycle,
        Bug::ReplyWithoutResult,
        &["ObsReset: no result"],
        &programs,
    );
}

#[test]
fn a_command_that_ends_later_is_not_waited_for_if_that_is_said() {
    let programs = ["AssignResources, Configure one beam, Scan"];
    found(&lifecycle, Bug::LongScan, &["Scan: no result"], &programs);
    for seed in 0..3 {
        let said = lifecycle().ends_later("Scan");
        let report = explore(&said, Some(Bug::LongScan), seed);
        assert!(report.is_clean(), "{report}");
    }
}

#[test]
fn a_command_may_lead_to_any_of_the_states_that_are_declared_for_it() {
    let programs = ["begin_AssignResources, Abort, ObsReset"];
    let kinds = ["ObsReset: wrong state"];
    found(&lifecycle, Bug::EmptyReset, &kinds, &programs);
    for seed in 0..3 {
        let said = lifecycle_of(&graph_with_empty_reset());
        let report = explore(&said, Some(Bug::EmptyReset), seed);
        assert!(report.is_clean(), "{report}");
    }
}

#[test]
fn a_result_that_contradicts_the_reply_is_found() {
    let programs = ["AssignResources, Configure one beam, Scan"];
    found(
        &lifecycle,
        Bug::FailedResult,
        &["EndScan: wrong result"],
        &programs,
    );
}

#[test]
fn a_refusal_that_changes_something_is_found() {
    let programs = ["AssignResources, refused_Scan"];
    found(
        &lifecycle,
        Bug::RefusalChanges,
        &["Scan: changed by what was refused"],
        &programs,
    );
}

#[test]
fn a_broken_input_that_is_accepted_is_found() {
    let programs = ["AssignResources, Configure one beam, refused_Configure no beam"];
    found(
        &lifecycle,
        Bug::BrokenAccepted,
        &["Configure: accepted though not allowed"],
        &programs,
    );
}

#[test]
fn an_allowed_command_that_is_refused_is_found() {
    let programs = ["AssignResources, Configure one beam, Scan"];
    found(
        &lifecycle,
        Bug::RefusedThoughAllowed,
        &["End: refused though allowed"],
        &programs,
    );
}

#[test]
fn a_transient_state_that_is_not_told_is_found() {
    let programs = ["AssignResources, Abort"];
    found(
        &lifecycle,
        Bug::MissingEvent,
        &["Restart: wrong state"],
        &programs,
    );
}

#[test]
fn a_state_that_is_read_otherwise_than_told_is_found() {
    let programs = ["AssignResources, Abort, ObsReset"];
    found(
        &lifecycle,
        Bug::ReadOtherwise,
        &["ObsReset: read otherwise than told"],
        &programs,
    );
}
