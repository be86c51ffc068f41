//! `harness run` on a whole simulated telescope: lines about its transitions.

use std::fs;

use crate::called::{Called, harness, harness_in};

/// Runs scenarios on a simulated Low.
fn run_on_low(scenarios: &str) -> Called {
    let folder = tempfile::tempdir().unwrap();
    let text = format!("Feature: f\n{scenarios}");
    fs::write(folder.path().join("f.feature"), text).unwrap();
    harness_in(folder.path(), &["run", "--preset", "low", "f.feature"])
}

/// What a line is answered with that cannot be followed.
fn refusal_of(line: &str) -> String {
    run_on_low(&format!("  Scenario: s\n    Given {line}\n"))
        .ended_with(1)
        .out
}

#[test]
fn features_about_subsystems_pass_on_a_whole_telescope_only() {
    let features = [
        "features/subsystems.feature",
        "features/transitions.feature",
        "features/devices.feature",
    ];
    let called = harness(&[["run", "--preset", "low"].as_slice(), &features].concat());
    let called = called.ended_with(0);
    assert!(
        called.out.contains("12 scenarios: 12 passed;"),
        "{}",
        called.out
    );
    let called = harness(&["run", features[0]]);
    assert!(called.out.contains("4 not applicable"), "{}", called.out);
}

#[test]
fn what_a_line_says_ends_with_its_scenario() {
    let called = run_on_low(
        "  Scenario: one\n    Given the CSP subarray takes 600 seconds to configure\n    \
         And every Configure on SDP is rejected with \"not today\"\n    \
         And the MCCS subarray's Configure is held\n    \
         Then subarray 1 is in obsState EMPTY\n  \
         Scenario: two\n    When I bring subarray 1 to obsState READY\n    \
         Then subarray 1 is in obsState READY\n",
    );
    let called = called.ended_with(0);
    assert!(
        called.out.contains("2 scenarios: 2 passed;"),
        "{}",
        called.out
    );
}

#[test]
fn what_is_held_is_released_however_often_and_in_whichever_letters_lines_say_so() {
    for (held_again, released) in [
        ("AssignResources", "AssignResources"),
        ("assignresources", "ASSIGNRESOURCES"),
    ] {
        let called = run_on_low(&format!(
            "  Scenario: s\n    Given the AssignResources of subarray 1 is held\n    \
             And the {held_again} of subarray 1 is held\n    \
             When the command AssignResources is sent to subarray 1\n    \
             And the {released} of subarray 1 is released\n    \
             Then subarray 1 transitions to obsState IDLE\n",
        ));
        let called = called.ended_with(0);
        assert!(called.out.contains("1 passed"), "{}", called.out);
    }
}

#[test]
fn what_is_held_when_a_scenario_fails_is_not_held_in_the_next_one() {
    let called = run_on_low(
        "  Scenario: one\n    Given subarray 1 is in obsState IDLE\n    \
         And the CSP subarray's Configure is held\n    \
         When the command Configure is sent to subarray 1\n    \
         Then subarray 1 is in obsState EMPTY\n  \
         Scenario: two\n    When I bring subarray 1 to obsState READY\n    \
         Then subarray 1 is in obsState READY\n",
    );
    let called = called.ended_with(1);
    assert!(
        called.out.contains("2 scenarios: 1 passed, 1 failed;"),
        "{}",
        called.out
    );
}

#[test]
fn every_outcome_shows_in_the_command_of_the_telescope_manager() {
    for (outcome, state) in [
        ("fails with \"no beam\"", "CONFIGURING"),
        ("is rejected with \"no beam\"", "CONFIGURING"),
        ("goes to FAULT with \"no beam\"", "FAULT"),
    ] {
        let called = run_on_low(&format!(
            "  Scenario: s\n    Given subarray 1 is in obsState IDLE\n    \
             And the next 2 Configure on CSP {}\n    \
             When the command Configure is sent to subarray 1\n    \
             Then the command completes with FAILED\n    \
             And subarray 1 is in obsState {state}\n",
            outcome
                .replace("fails", "fail")
                .replace("is rejected", "are rejected")
                .replace("goes", "go"),
        ));
        assert!(called.out.contains("1 passed"), "{outcome}: {}", called.out);
    }
}

#[test]
fn a_word_that_is_not_known_is_answered_with_those_that_are() {
    for (line, words) in [
        (
            "the XYZ subarray takes 5 seconds to configure",
            "the simulated telescope has no XYZ subarrays; it has those of CSP, SDP, MCCS, CBF, TMC",
        ),
        (
            "the CSP subarray takes 5 seconds to dance",
            "there is nothing to dance; known: assign, configure, scan, end, release, abort, restart",
        ),
        (
            "the next Confgure on SDP gets stuck",
            "sdp::subarray has no command or state Confgure; known: AssignResources",
        ),
        (
            "the next 0 Configure on SDP get stuck",
            "at least one is needed",
        ),
        ("subarray 7 takes 5 seconds to configure", "no subarray 7"),
    ] {
        let told = refusal_of(line);
        assert!(told.contains(words), "{line}: {told}");
    }
    let called = run_on_low("  Scenario: s\n    When the CSP subarray's Configure is released\n");
    let told = called.ended_with(1).out;
    assert!(told.contains("Configure is not held"), "{told}");
}
