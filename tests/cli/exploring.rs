//! `harness explore`, `cover` and `race`.

use std::fs;

use crate::called::{harness, harness_in};

#[test]
fn exploring_a_sound_subarray_finds_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["explore", "--seed", "1", "--programs", "3", "--steps", "20"];
    let out = harness_in(folder.path(), &arguments).ended_with(0).out;
    assert!(out.contains("3 programs, 60 steps"), "{out}");
    assert!(out.contains("seed 1"), "{out}");
}

#[test]
fn faults_of_a_sound_subarray_are_no_findings() {
    let arguments = "explore --fault network-down --seed 3 --programs 6 --steps 30 --no-database";
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    let out = harness(&arguments).ended_with(0).out;
    let mut lines = out.lines();
    let started = lines.find(|line| line.starts_with("start the network is down"));
    let times = started.and_then(|line| line.split_whitespace().nth(5));
    assert_ne!(times.unwrap_or("0"), "0", "it never started: {out}");
}

#[test]
fn faults_are_those_of_the_simulated_subarray() {
    let arguments = ["explore", "--fault", "silence", "--device", "a/b/c"];
    harness(&arguments)
        .ended_with(2)
        .complains_of(&["--fault", "--device"]);
    let unknown = ["explore", "--fault", "flood"];
    harness(&unknown).ended_with(2).complains_of(&["silence"]);
}

#[test]
fn what_exploring_finds_is_kept_and_replayed_first() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "explore",
        "--seed",
        "1",
        "--bug",
        "wrong-state-after-abort",
        "--dwell",
        "0.005",
        "--shrink-time",
        "5",
        "--report",
        "found.json",
        "--also",
        "gherkin",
    ];
    let called = harness_in(folder.path(), &arguments).ended_with(1);
    let out = &called.out;
    assert!(
        out.contains("IDLE where ABORTED was to come") || out.contains("accepted though not"),
        "{out}"
    );
    assert!(out.contains("Scenario: subarray 1"), "{out}");
    let kept = fs::read_dir(folder.path().join(".harness/programs/subarray_1")).unwrap();
    assert_eq!(kept.count(), 1);
    let report = fs::read_to_string(folder.path().join("found.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["findings"].as_array().unwrap().len(), 1);
    // the bug is gone: the program is replayed, and forgotten
    let again = ["explore", "--programs", "1", "--steps", "1"];
    let out = harness_in(folder.path(), &again).ended_with(0).out;
    assert!(out.contains("passes now, forgotten"), "{out}");
}

#[test]
fn covering_tells_draws_and_keeps_what_was_done() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [
        "cover",
        "--svg",
        "c.svg",
        "--report",
        "c.json",
        "--no-pairs",
        "--dwell",
        "0.1",
    ];
    let out = harness_in(folder.path(), &arguments).ended_with(0).out;
    assert!(
        out.contains("72 exercised, 0 of them went wrong; 0 missed"),
        "{out}"
    );
    assert!(out.contains("transient states: 4 of 4 seen"), "{out}");
    let svg = fs::read_to_string(folder.path().join("c.svg")).unwrap();
    assert!(svg.starts_with("<svg"), "{svg}");
    let report = fs::read_to_string(folder.path().join("c.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert!(report["matrix"]["states"].as_array().unwrap().len() > 10);
}

#[test]
fn covering_finds_a_bug_that_needs_a_few_commands() {
    let folder = tempfile::tempdir().unwrap();
    let bug = [
        "cover",
        "--bug",
        "wrong-state-after-abort",
        "--shrink-time",
        "3",
    ];
    let out = harness_in(folder.path(), &bug).ended_with(1).out;
    assert!(out.contains("IDLE where ABORTED was to come"), "{out}");
}

#[test]
fn a_race_is_explained_or_not() {
    let pair = [
        "race",
        "Configure",
        "Configure",
        "--from",
        "IDLE",
        "--dwell",
        "0.4",
    ];
    let sound = [&pair[..], &["--heats", "2", "--lag", "0.3"]].concat();
    let out = harness(&sound).ended_with(0).out;
    assert!(out.contains("2 commands accepted, 2 refused"), "{out}");
    assert!(out.contains("some order explains every heat"), "{out}");
    let bug = ["--bug", "double-accept", "--heats", "8", "--lag", "0.3"];
    let bug = [&pair[..], &bug].concat();
    let out = harness(&bug).ended_with(1).out;
    assert!(
        out.contains("was accepted, which CONFIGURING does not allow"),
        "{out}"
    );
    assert!(out.contains("told: CONFIGURING"), "{out}");
}

#[test]
fn what_may_be_sent_to_a_device_must_be_said() {
    let device = ["explore", "--device", "tango://127.0.0.1:1/a/b/c#dbase=no"];
    harness(&device).ended_with(2).complains_of(&[
        "not said which commands",
        "--commands",
        "--all-commands",
    ]);
    let unknown = [&device[..], &["--commands", "Explode"]].concat();
    harness(&unknown)
        .ended_with(2)
        .complains_of(&["no command Explode", "AssignResources"]);
    // nothing is sent that could not be taken back
    let strands = [&device[..], &["--commands", "AssignResources,Configure"]].concat();
    harness(&strands)
        .ended_with(2)
        .complains_of(&["lead to IDLE", "ReleaseAllResources"]);
    let gone = [&device[..], &["--commands", "Configure"]].concat();
    harness(&gone).ended_with(4);
}

#[test]
fn the_subarray_is_brought_home_by_what_may_be_sent_and_races_come_after_the_list() {
    let few = "AssignResources,Configure,Abort,Restart";
    let race = [
        "race",
        "--commands",
        few,
        "Configure",
        "Configure",
        "--heats",
        "1",
    ];
    let out = harness(&race).ended_with(0).out;
    // from IDLE, and from READY, which End would leave by a cheaper way
    assert!(out.contains("2 of 2 races, 2 heats"), "{out}");
}

#[test]
fn a_lag_that_hides_what_comes_too_soon_is_told() {
    let race = [
        "race",
        "Configure",
        "--from",
        "IDLE",
        "--lag",
        "0.3",
        "--time",
        "0",
    ];
    let called = harness(&race);
    let called = called.ended_with(3);
    called.complains_of(&["--lag 300ms is no shorter than transient states last, 100ms"]);
    assert!(called.out.contains("nothing was raced"), "{}", called.out);
}

#[test]
fn a_race_that_can_not_begin_is_refused() {
    harness(&["race", "Scan", "--from", "EMPTY"])
        .ended_with(2)
        .complains_of(&["no race can begin there"]);
    harness(&["race", "Jump"])
        .ended_with(2)
        .complains_of(&["no command Jump"]);
    harness(&["race", "--from", "NOWHERE"]).ended_with(2);
    harness(&["race", "--range", "1e9"])
        .ended_with(2)
        .complains_of(&["200000000000 times --step"]);
    harness(&["race", "--range", "0.001"])
        .ended_with(2)
        .complains_of(&["0 times --step"]);
    harness(&["race", "End", "Scan", "Abort", "--range", "0.1"])
        .ended_with(2)
        .complains_of(&["--range is for two commands"]);
}
