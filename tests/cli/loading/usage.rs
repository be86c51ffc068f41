//! What is checked before anything is begun.

use std::fs;

use super::call::{READING, load, load_in};
use crate::called::harness;

#[test]
fn help_tells_of_files_parts_and_codes() {
    let help = harness(&["load", "--help"]).ended_with(0).out;
    for word in [
        "FILE",
        "--shard",
        "--check",
        "merge",
        "Exit codes:",
        "  130  ",
    ] {
        assert!(help.contains(word), "`{word}` is not in:\n{help}");
    }
    let help = harness(&["load", "merge", "--help"]).ended_with(0).out;
    assert!(help.contains("--out"), "{help}");
    harness(&["load"]).ended_with(2).complains_of(&["<FILE>"]);
}

#[test]
fn the_files_that_are_shown_are_sound() {
    let folder = tempfile::tempdir().unwrap();
    let telescope = "name = 't'\n[roles]\nsubarray = 'low-tmc/subarray/{subarray:02}'\n";
    fs::write(folder.path().join("telescope.toml"), telescope).unwrap();
    fs::write(folder.path().join("users.jsonl"), "{\"beam\": \"A\"}\n").unwrap();
    let page = include_str!("../../../docs/load.md");
    let (_, rest) = page.split_once("```toml\n").unwrap();
    let (text, _) = rest.split_once("```").unwrap();
    load_in(folder.path(), text, &["--check"]).ended_with(0);
    let manifest = include_str!("../../../deploy/kubernetes/load-job.yaml");
    let (_, rest) = manifest.split_once("  load.toml: |\n").unwrap();
    let lines = rest
        .lines()
        .take_while(|it| it.is_empty() || it.starts_with("    "));
    let text: Vec<&str> = lines.map(|it| it.trim_start_matches("    ")).collect();
    load_in(folder.path(), &text.join("\n"), &["--check"]).ended_with(0);
}

#[test]
fn a_wrong_file_is_told_line_by_line_and_nothing_is_begun() {
    let text = "name = 'x'\nusers = 'many'\ncycles = 1\n[[flow]]\nname = 'f'\n\
        steps = [{command = 'Scan', until = 'REDY'}]\n[[fault]]\nwhat = 'network-dwn'\nat = '1s'\nlasting = '1s'\n";
    let folder = tempfile::tempdir().unwrap();
    load_in(folder.path(), text, &["--report", "r.json"])
        .ended_with(2)
        .complains_of(&[
            "error: load.toml:2:9: users: must be a whole number from 1 to 1000000, and is \"many\"",
            "\nload.toml:6:37: flow.steps.until: there is no obsState `REDY`; did you mean `READY`?",
            "\nload.toml:8:8: fault.what: there is no fault `network-dwn`; did you mean `network-down`?",
        ]);
    assert!(!folder.path().join("r.json").exists());
    harness(&["load", "absent.toml"])
        .ended_with(2)
        .complains_of(&["absent.toml:1:1: can't be read"]);
}

#[test]
fn what_can_not_be_used_is_bad_usage_before_anything_is_begun() {
    let device = "[telescope]\ndevices = ['tango://127.0.0.1:9/a/b/c#dbase=no']\n";
    let walk = "name = 'w'\nusers = 1\ncycles = 1\n[walk]\n";
    for (text, arguments, told) in [
        (
            READING,
            &["--report", "load.toml/r.json"][..],
            "load.toml/r.json can't be written",
        ),
        (
            READING,
            &["--baseline", "absent.json"],
            "can't read absent.json",
        ),
        (
            READING,
            &["--baseline", "load.toml"],
            "is no report of `harness load`",
        ),
        (READING, &["--noise", "10%"], "--noise is of --baseline"),
        (
            READING,
            &["--start-at", "2020-01-01T00:00:00Z"],
            "the start was to be at 2020-01-01",
        ),
        (READING, &["--start-at", "noon"], "2030-01-31T12:00:00Z"),
        (READING, &["--shard", "3/2"], "`3/2` is not a shard"),
        (
            READING,
            &["--stages", "many"],
            "`many`, is not TARGET, TIME",
        ),
        (
            &format!("{walk}{device}"),
            &[],
            "which commands may be sent",
        ),
        (
            &format!("{walk}commands = ['AssignResources']"),
            &[],
            "none of them on to EMPTY",
        ),
        (
            &format!("{READING}[telescope]\nfile = 't.toml'"),
            &[],
            "can not be read",
        ),
    ] {
        let called = load(text, arguments).ended_with(2);
        called.complains_of(&[told]);
    }
}

#[test]
fn a_check_says_what_would_be_done_and_connects_nothing() {
    let text = format!(
        "thresholds = ['p95<1s']\n{READING}[telescope]\ndevices = ['tango://127.0.0.1:9/a/b/c#dbase=no']\n\
         [[fault]]\nwhat = '3G'\nat = '1s'\nlasting = '2s'\n"
    );
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["--check", "--users", "7", "--report", "r.json"];
    let out = load_in(folder.path(), &text, &arguments).ended_with(0).out;
    for word in [
        "closed, 7 users",
        "a/b/c",
        "flow read",
        "fault 3g: at 1s for 2s",
        "p95<1s",
    ] {
        assert!(out.contains(word), "`{word}` is not in:\n{out}");
    }
    assert!(!folder.path().join("r.json").exists());
}

#[test]
fn commands_and_attributes_that_devices_do_not_have_are_told_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let text = "name = 'x'\nusers = 2\ncycles = 1\n[[flow]]\nname = 'f'\nsteps = [\n\
        {command = 'AssignResources', argument = {resources = ['A']}, until = 'IDLE'},\n\
        {command = 'Configur'},\n{read = 'obsMood'},\n{command = 'Abort'},\n]";
    let called = load_in(folder.path(), text, &["--report", "r.json"]).ended_with(2);
    called.complains_of(&[
        "load.toml:8:12: flow.steps.command:",
        "no command `Configur`; did you mean `Configure`?",
        "load.toml:9:9: flow.steps.read:",
        "no attribute `obsMood`",
    ]);
    assert!(!folder.path().join("r.json").exists());
}
