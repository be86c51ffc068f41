//! Help, and mistakes of the user.

use std::fs;

use crate::called::{harness, harness_in};

#[test]
fn help_names_every_verb_and_every_exit_code() {
    let help = harness(&["--help"]).ended_with(0).out;
    for word in ["run", "sim", "reach", "graph", "Exit codes:", "  130  "] {
        assert!(help.contains(word), "`{word}` is not in:\n{help}");
    }
    for verb in ["run", "sim", "reach", "graph"] {
        assert!(
            harness(&[verb, "--help"])
                .ended_with(0)
                .out
                .contains("Exit codes:"),
            "{verb}"
        );
    }
}

#[test]
fn an_unknown_verb_or_option_is_bad_usage() {
    harness(&["rum"]).ended_with(2).complains_of(&["rum"]);
    harness(&["run", "--colour"])
        .ended_with(2)
        .complains_of(&["--colour"]);
    harness(&["sim", "--dwell", "soon"])
        .ended_with(2)
        .complains_of(&["not a number of seconds"]);
}

#[test]
fn an_absent_telescope_file_is_named() {
    harness(&["run", "--telescope", "absent.toml"])
        .ended_with(2)
        .complains_of(&["error: ", "absent.toml", "caused by: ", "next: "]);
}

#[test]
fn an_unknown_role_is_told_with_the_known_ones() {
    let folder = tempfile::tempdir().unwrap();
    let text = "name = \"t\"\n[roles]\nsubaray = \"low-tmc/subarray/01\"\n";
    fs::write(folder.path().join("low.toml"), text).unwrap();
    for arguments in [
        &["run", "--telescope", "low.toml"][..],
        &["reach", "READY", "--telescope", "low.toml"],
    ] {
        harness_in(folder.path(), arguments)
            .ended_with(2)
            .complains_of(&["low.toml", "subaray", "central_node", "csp_subarray"]);
    }
}

#[test]
fn tags_and_names_that_cannot_be_understood_are_told() {
    harness(&["run", "--tags", "@a and and"])
        .ended_with(2)
        .complains_of(&["tag expression"]);
    harness(&["run", "--name", "("])
        .ended_with(2)
        .complains_of(&["regular expression"]);
}

#[test]
fn the_steps_are_listed() {
    let steps = harness(&["run", "--list-steps"]).ended_with(0).out;
    assert!(
        steps.contains("Given subarray {int} is in obsState {word}\n"),
        "{steps}"
    );
    assert!(steps.contains("Then  the command is rejected\n"), "{steps}");
}
