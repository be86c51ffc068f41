//! Help, and mistakes of the user.

use std::fs;

use crate::called::{harness, harness_in};

#[test]
fn help_names_every_verb_and_every_exit_code() {
    let help = harness(&["--help"]).ended_with(0).out;
    for word in [
        "run",
        "steps",
        "sim",
        "reach",
        "graph",
        "lint",
        "Exit codes:",
        "  130  ",
    ] {
        assert!(help.contains(word), "`{word}` is not in:\n{help}");
    }
    for verb in ["run", "steps", "sim", "reach", "graph", "lint"] {
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

/// The telescope file that the README shows, in a folder with its inputs.
fn readme_telescope() -> tempfile::TempDir {
    let readme = include_str!("../../README.md");
    let (_, rest) = readme.split_once("```toml\n# telescope.toml\n").unwrap();
    let (text, _) = rest.split_once("```").unwrap();
    // nothing listens there, and no name has to be looked up
    let text = text.replace("tango-databaseds.staging:10000", "127.0.0.1:9");
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("telescope.toml"), text).unwrap();
    fs::create_dir(folder.path().join("data")).unwrap();
    for input in ["assign_resources_low", "configure_low", "scan_low"] {
        fs::write(folder.path().join(format!("data/{input}.json")), "{}").unwrap();
    }
    folder
}

#[test]
fn the_telescope_file_of_the_readme_is_understood() {
    harness_in(
        readme_telescope().path(),
        &["reach", "READY", "--telescope", "telescope.toml"],
    )
    .ended_with(4)
    .complains_of(&["Low, staging", "127.0.0.1:9"]);
}

#[test]
fn a_missing_or_broken_input_is_named() {
    let folder = readme_telescope();
    let scan = folder.path().join("data/scan_low.json");
    let arguments = ["reach", "READY", "--telescope", "telescope.toml"];
    fs::write(&scan, "{broken").unwrap();
    harness_in(folder.path(), &arguments)
        .ended_with(2)
        .complains_of(&["the input", "scan_low.json", "line 1", "[inputs]"]);
    // as a path: a stem that no file has may be that of an input which is built in
    let telescope = folder.path().join("telescope.toml");
    let text = fs::read_to_string(&telescope).unwrap();
    let text = text.replace("\"scan_low\"", "\"data/scan_low.json\"");
    fs::write(&telescope, text).unwrap();
    fs::remove_file(&scan).unwrap();
    harness_in(folder.path(), &arguments)
        .ended_with(2)
        .complains_of(&["input of Scan", "scan_low.json", "can not be read"]);
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
