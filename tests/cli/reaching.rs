//! `harness reach`.

use std::net::TcpListener;

use crate::called::harness;

#[test]
fn a_state_is_reached_on_the_simulated_telescope() {
    let out = harness(&["reach", "ready"]).ended_with(0).out;
    assert!(
        out.contains("AssignResources") && out.contains("READY"),
        "{out}"
    );
}

#[test]
fn the_way_can_be_prescribed() {
    let out = harness(&["reach", "EMPTY", "--through", "READY", "ABORTED"])
        .ended_with(0)
        .out;
    let place = |word: &str| {
        out.find(word)
            .unwrap_or_else(|| panic!("no {word} in {out}"))
    };
    assert!(
        place("Configure") < place("Abort") && place("Abort") < place("Restart"),
        "{out}"
    );
}

#[test]
fn a_dry_run_prints_the_way() {
    let out = harness(&["reach", "SCANNING", "--dry-run"])
        .ended_with(0)
        .out;
    for command in ["AssignResources", "Configure", "Scan"] {
        assert!(out.contains(command), "{out}");
    }
}

#[test]
fn a_dry_run_prints_a_line_for_each_step_with_its_cost_and_the_sum() {
    let out = harness(&["reach", "CONFIGURING", "--dry-run", "--through", "ABORTED"])
        .ended_with(0)
        .out;
    assert_eq!(
        out,
        "\
subarray 1: EMPTY to CONFIGURING: 5 steps, cost 23
1  AssignResources  EMPTY   -> IDLE         cost 1
2  Abort            IDLE    -> ABORTED      cost 10
3  Restart          ABORTED -> EMPTY        cost 10
4  AssignResources  EMPTY   -> IDLE         cost 1
5  Configure        IDLE    -> CONFIGURING  cost 1   transient
"
    );
    let out = harness(&["reach", "EMPTY", "--dry-run"]).ended_with(0).out;
    assert_eq!(out, "subarray 1: EMPTY: nothing to do\n");
}

#[test]
fn a_way_that_breaks_in_a_later_leg_is_refused_before_the_first() {
    for dry_run in [&["--dry-run"][..], &[]] {
        let arguments = ["reach", "READY", "--through", "IDLE", "FAULT"];
        let called = harness(&[&arguments, dry_run].concat()).ended_with(1);
        called.complains_of(&[
            "no way from IDLE to FAULT (after the way from EMPTY to IDLE)",
            "no transition leads to FAULT",
            "IDLE leads to",
            "harness graph",
        ]);
        assert_eq!(called.out, "");
    }
}

#[test]
fn an_unknown_state_is_told_with_the_known_ones() {
    harness(&["reach", "REDY"]).ended_with(2).complains_of(&[
        "error: ",
        "REDY",
        "did you mean READY?",
        "EMPTY, RESOURCING, IDLE",
    ]);
}

#[test]
fn a_state_without_a_way_is_a_failure_that_says_what_is_missing() {
    harness(&["reach", "FAULT"])
        .ended_with(1)
        .complains_of(&["FAULT", "next: ", "harness graph"]);
    harness(&["reach", "FAULT", "--dry-run"])
        .ended_with(1)
        .complains_of(&["FAULT"]);
}

#[test]
fn an_unknown_subarray_is_told_with_the_known_ones() {
    harness(&["reach", "READY", "--subarray", "9"])
        .ended_with(2)
        .complains_of(&["9", "it has 1, 2"]);
}

#[test]
fn a_telescope_that_is_not_there_has_a_code_of_its_own() {
    // A port that was free a moment ago: nothing listens there.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let device = format!("tango://127.0.0.1:{port}/low-tmc/subarray/01");
    for name in [device.clone(), format!("{device}#dbase=no")] {
        harness(&["reach", "READY", "--device", &name])
            .ended_with(4)
            .complains_of(&["error: ", &port.to_string(), "next: "]);
    }
}
