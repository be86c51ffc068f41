//! `harness steps`: what there is, and what a line is.

use std::fs;

use crate::called::{harness, harness_in};

const LINE: &str = "the TMC, CSP and SDP subarrays transition to RESOURCING obsState";

#[test]
fn steps_are_listed_by_family_with_examples_and_places() {
    let steps = harness(&["steps"]).ended_with(0).out;
    for part in [
        "Observation\n===========\n",
        &format!("      {LINE}\n"),
        "# harness-bdd/src/books/observation/",
    ] {
        assert!(steps.contains(part), "`{part}` is not in:\n{steps}");
    }
    assert_eq!(harness(&["run", "--list-steps"]).ended_with(0).out, steps);
}

#[test]
fn steps_are_found_by_words_and_by_family() {
    let found = harness(&["steps", "passes", "THROUGH"]).ended_with(0).out;
    assert!(found.contains("passes through ABORTED"), "{found}");
    let family = harness(&["steps", "--family", "fault", "--format", "json"])
        .ended_with(0)
        .out;
    let family: serde_json::Value = serde_json::from_str(&family).unwrap();
    let entries = family.as_array().unwrap();
    assert!(!entries.is_empty());
    for entry in entries {
        assert_eq!(entry["family"], "Faults");
    }
    harness(&["steps", "nosuchword"])
        .ended_with(3)
        .complains_of(&["the families are: ", "Observation"]);
}

#[test]
fn a_line_is_explained() {
    let said = harness(&["steps", "--explain", &format!("Then {LINE}")])
        .ended_with(0)
        .out;
    for part in [
        "Then: Observation: ",
        "harness-bdd/src/books/observation/",
        "    state = RESOURCING\n",
        "    who = TMC, CSP and SDP subarrays\n",
    ] {
        assert!(said.contains(part), "`{part}` is not in:\n{said}");
    }
}

#[test]
fn a_line_with_typing_errors_is_told_as_it_is_read() {
    let said = harness(&["steps", "--explain", "the CSP subbaray transitons to IDLE"])
        .ended_with(0)
        .out;
    assert!(
        said.contains("read as: CSP subarray transitions to IDLE"),
        "{said}"
    );
}

#[test]
fn of_a_line_that_is_no_step_the_nearest_is_told() {
    let said = harness(&[
        "steps",
        "--explain",
        "Then subarray 1 passes by ABORTED, EMPTY and IDLE",
    ])
    .ended_with(3)
    .out;
    assert!(said.contains("the nearest is: "), "{said}");
    assert!(
        said.contains("passes through ABORTED, EMPTY and IDLE"),
        "{said}"
    );
}

#[test]
fn lines_may_name_devices_of_the_telescope_file() {
    let folder = tempfile::tempdir().unwrap();
    let text = "name = \"t\"\n[roles]\nsubaray = \"low-tmc/subarray/01\"\n";
    fs::write(folder.path().join("low.toml"), text).unwrap();
    harness_in(folder.path(), &["steps", "--telescope", "low.toml"])
        .ended_with(2)
        .complains_of(&["low.toml", "subaray"]);
}

/// Every example is of the step that it stands under; the first that matches counts.
#[test]
fn no_example_of_a_step_is_taken_by_another() {
    let said = harness(&["steps", "--overlaps"]).ended_with(0).out;
    assert!(
        said.contains("; 0 of them go to another step than theirs"),
        "{said}"
    );
}

#[test]
fn the_reference_of_steps_is_up_to_date() {
    let written = harness(&["steps", "--format", "markdown"])
        .ended_with(0)
        .out;
    assert!(
        written == include_str!("../../docs/steps.md"),
        "write it anew: cargo run -q -- steps --format markdown > docs/steps.md"
    );
}
