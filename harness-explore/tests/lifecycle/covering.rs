//! All that a lifecycle allows and forbids is done in few commands, and what was not is told.

use std::cell::Cell as Counter;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use harness_core::state_machine::{StateGraph, Transition};
use harness_explore::cover::{Cover, CoverReport, PairCell, Verdict};
use harness_explore::lifecycle::Lifecycle;

use crate::subarray::{Bug, Obs, Pace, Subarray, lifecycle};
use crate::{explore, paused};

fn cover(lifecycle: &Lifecycle<Obs>, start: impl Fn() -> Subarray + 'static) -> CoverReport {
    Cover::new(lifecycle, "Subarray", async move || Ok(start()))
        .run_on(&paused())
        .expect("it runs")
}

fn cover_with(bug: Bug) -> CoverReport {
    cover(&lifecycle(), move || Subarray::new(Some(bug)))
}

fn verdict(report: &CoverReport, state: &str, command: &str) -> Verdict {
    let mut cells = report.matrix.cells();
    let cell = cells.find(|(row, cell)| row.state == state && cell.command == command);
    cell.expect("there is such a cell").1.verdict
}

#[test]
fn every_command_is_done_in_every_state_and_every_state_reached_from_every_other() {
    let report = cover(&lifecycle(), || Subarray::new(None));
    assert!(report.is_clean(), "{report}");
    for (row, cell) in report.matrix.cells() {
        let expected = match (row.state.as_str(), cell.allowed) {
            ("FAULT", _) => Verdict::Unreachable,
            (_, true) => Verdict::Taken,
            (_, false) => Verdict::Refused,
        };
        assert_eq!(cell.verdict, expected, "{}: {cell:?}", row.state);
        if row.state != "FAULT" {
            assert!(cell.inputs_left.is_empty(), "{}: {cell:?}", row.state);
        }
    }
    assert_eq!(report.matrix.unseen().count(), 0, "{report}");
    assert_eq!(report.matrix.not_reached().count(), 0, "{report}");
    let all = report.matrix.states.iter().flat_map(|row| &row.reached);
    let reached = all.filter(|pair| **pair == PairCell::Reached).count();
    // from each of the five states where it stays to the nine others that can be reached
    assert_eq!(reached, 5 * 9, "{report}");
    let text = report.to_string();
    assert!(text.contains("FAULT: no command leads there"), "{text}");
    assert!(text.contains("transient states: 5 of 5 seen"), "{text}");
}

#[test]
fn a_tour_is_hardly_longer_than_what_must_be_sent_anyway() {
    let sent = Rc::new(Counter::new(0));
    let lifecycle = lifecycle();
    let counted = Rc::clone(&sent);
    let cover = Cover::new(&lifecycle, "Subarray", async move || {
        counted.set(counted.get() + 1);
        Ok(Subarray::new(None))
    });
    let report = cover.without_pairs().run_on(&paused()).expect("it runs");
    assert_eq!((report.programs, sent.get()), (1, 1), "{report}");
    assert_eq!(report.commands, report.planned);
    assert_eq!(report.planned, report.at_least);
    // each command in each state but FAULT, Configure twice more in two of them, and three commands
    // that lead into the transient states in which Abort is allowed
    let needed = 10 * 9 + 2 * 2 + 3;
    assert!(
        report.commands as f64 <= 1.2 * f64::from(needed),
        "{} of {needed}",
        report.commands
    );
}

#[test]
fn each_command_is_sent_after_each_other_if_asked_for() {
    let lifecycle = lifecycle();
    let start = async || Ok(Subarray::new(None));
    let cover = Cover::new(&lifecycle, "Subarray", start).with_successions();
    let report = cover.run_on(&paused()).expect("it runs");
    assert!(report.is_clean(), "{report}");
    let successions = &report.matrix.successions;
    // ways into a state times ways out of it: EMPTY, IDLE, READY, SCANNING, ABORTED
    let all = 2 + 4 * 4 + 3 * 4 + 2 + 3 * 2;
    assert_eq!(successions.len(), all, "{successions:?}");
    for succession in successions {
        assert!(succession.done, "{succession:?}");
    }
    // most were sent by the first tour
    assert!(report.commands <= 102 + 38 + 20, "{report}");
    assert_eq!(report.matrix.not_reached().count(), 0, "{report}");
}

#[test]
fn what_goes_wrong_is_shrunk_and_the_rest_is_done_around_it() {
    let report = cover_with(Bug::StuckTransient);
    let [finding] = report.findings.as_slice() else {
        panic!("{report}");
    };
    assert_eq!(finding.violation.kind, "Configure: stuck");
    assert_eq!(finding.program.steps.len(), 3, "{finding}");
    assert_eq!(verdict(&report, "READY", "Configure"), Verdict::Failed);
    let others = report.matrix.cells().filter(|(row, cell)| {
        row.state != "FAULT" && !(row.state == "READY" && cell.command == "Configure")
    });
    for (row, cell) in others {
        assert!(
            cell.verdict.is_exercised(),
            "{}: {cell:?}\n{report}",
            row.state
        );
    }
    let failed = report
        .matrix
        .cells()
        .filter_map(|(_, cell)| cell.reason.as_deref());
    let said: Vec<&str> = failed.filter(|reason| reason.contains("stuck")).collect();
    assert!(
        matches!(said.as_slice(), [one] if one.contains("for 10s READY did not come; told CONFIGURING")),
        "{said:?}"
    );
}

#[test]
fn what_does_not_come_again_is_told_all_the_same() {
    let started = Rc::new(Counter::new(0));
    let report = cover(&lifecycle(), move || {
        started.set(started.get() + 1);
        Subarray::new((started.get() == 1).then_some(Bug::StuckTransient))
    });
    let [finding] = report.findings.as_slice() else {
        panic!("{report}");
    };
    assert_eq!(finding.violation.kind, "Configure: stuck");
    assert_eq!(finding.reproduced.failed, 0);
    let text = finding.to_string();
    assert!(
        text.contains("may be longer than needed: it did not come again"),
        "{text}"
    );
}

#[test]
fn what_lies_behind_a_command_that_fails_is_told_as_not_done() {
    let report = cover_with(Bug::MissingEvent);
    assert_eq!(verdict(&report, "ABORTED", "Restart"), Verdict::Failed);
    // ObsReset leads on from ABORTED, so that only RESTARTING lies behind
    for command in ["Configure", "Abort"] {
        assert_eq!(verdict(&report, "RESTARTING", command), Verdict::NotDone);
        assert_eq!(verdict(&report, "IDLE", command), Verdict::Taken);
    }
    assert_eq!(report.matrix.unseen().collect::<Vec<_>>(), ["RESTARTING"]);
    assert!(
        report.to_string().contains("not seen: RESTARTING"),
        "{report}"
    );
}

#[test]
fn every_bug_is_found_that_commands_one_at_a_time_show() {
    for bug in [
        Bug::LostUpdate,
        Bug::WrongStateAfterAbort,
        Bug::Leak,
        Bug::ReplyWithoutResult,
        Bug::FailedResult,
        Bug::RefusalChanges,
        Bug::BrokenAccepted,
        Bug::RefusedThoughAllowed,
        Bug::DoubleAccept,
        Bug::LateEvent,
        Bug::ReadOtherwise,
    ] {
        let report = cover_with(bug);
        assert!(!report.is_clean(), "{bug:?}: {report}");
    }
}

#[test]
fn a_state_that_is_left_too_soon_is_told_as_missed() {
    let report = cover(&lifecycle(), || Subarray::at_pace(Pace::Quick));
    assert!(report.is_clean(), "{report}");
    assert_eq!(report.matrix.unseen().count(), 0, "{report}");
    assert_eq!(verdict(&report, "CONFIGURING", "Scan"), Verdict::Missed);
    assert_eq!(verdict(&report, "READY", "Scan"), Verdict::Taken);
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.contains("given up after 3 tours")),
        "{report}"
    );
}

#[test]
fn exploring_fills_the_same_matrix() {
    let lifecycle = lifecycle();
    assert!(lifecycle.matrix().cells().all(|(_, cell)| cell.times == 0));
    let report = explore(&lifecycle, None, 1);
    assert!(report.is_clean());
    let matrix = lifecycle.matrix();
    let exercised = matrix
        .cells()
        .filter(|(_, cell)| cell.verdict.is_exercised());
    assert!(exercised.count() > 80, "{matrix}");
}

#[test]
fn a_report_is_data_and_a_matrix_a_picture() {
    let report = cover_with(Bug::Leak);
    let json = serde_json::to_value(&report).expect("it is JSON");
    assert_eq!(json["matrix"]["commands"][0], "AssignResources");
    assert_eq!(json["matrix"]["states"][0]["cells"][0]["verdict"], "taken");
    assert_eq!(
        json["findings"][0]["violation"]["kind"],
        "Restart: leftovers"
    );
    let picture = report.matrix.to_svg();
    assert_eq!(picture.matches("<title>").count(), 11 * 9, "{picture}");
    assert!(picture.contains(r"Restart in ABORTED: went wrong, 1 time; leftovers: {&quot;"));
    assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
}

#[test]
fn a_graph_without_a_way_back_is_covered_as_far_as_one_comes_home() {
    let graph = StateGraph::new()
        .with(
            Transition::to(Obs::Idle)
                .named("AssignResources")
                .from([Obs::Empty]),
        )
        .and_then(|graph| {
            graph.with(
                Transition::to(Obs::Aborted)
                    .named("Abort")
                    .from([Obs::Idle]),
            )
        });
    let lifecycle = Lifecycle::new(&graph.expect("it is sound"), Obs::Empty);
    let report = cover(&lifecycle, || Subarray::new(None));
    // what can be done without leaving home
    assert_eq!(verdict(&report, "EMPTY", "Abort"), Verdict::Refused);
    assert_eq!(
        verdict(&report, "EMPTY", "AssignResources"),
        Verdict::NotDone
    );
    assert_eq!(verdict(&report, "ABORTED", "Abort"), Verdict::NotDone);
}

#[test]
fn what_was_covered_before_the_end_was_wanted_is_told() {
    // it is asked between steps
    let asked = AtomicU64::new(0);
    let lifecycle = lifecycle();
    let report = Cover::new(&lifecycle, "Subarray", async || Ok(Subarray::new(None)))
        .shrinking_by(|explorer| {
            explorer.ending_when(move || asked.fetch_add(1, Ordering::Relaxed) > 40)
        })
        .run_on(&paused())
        .expect("it runs");
    assert_eq!(report.programs, 1, "{report}");
    assert!((1..=40).contains(&report.commands), "{report}");
    let [note] = report.notes.as_slice() else {
        panic!("{report}");
    };
    assert!(note.starts_with("ended before its time: "), "{note}");
    let mut cells = report.matrix.cells();
    assert!(cells.any(|(_, cell)| cell.verdict == Verdict::Taken));
}
