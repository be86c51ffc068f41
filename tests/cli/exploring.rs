//! `harness explore`, `cover` and `race`.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    process::Stdio,
    time::{Duration, Instant},
};

use crate::{
    called::{Called, command, harness, harness_in},
    graph_and_sim::interrupt,
};

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

#[test]
fn outputs_that_can_not_be_written_are_told_before_anything_is_begun() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    for arguments in [
        ["explore", "--report", "file/r.json"],
        ["race", "--report", "file/r.json"],
        ["cover", "--report", "file/r.json"],
        ["cover", "--svg", "file/r.svg"],
    ] {
        let called = harness_in(folder.path(), &arguments).ended_with(2);
        called.complains_of(&["can't be written"]);
        assert!(called.out.is_empty(), "{}", called.out);
    }
}

#[test]
fn what_exploring_found_before_ctrl_c_is_told_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = "explore --bug leak --dwell 0.005 --programs 1000000 --findings 1000 --shrink-time 1 \
                     --database kept --report found.json";
    let arguments: Vec<&str> = arguments.split_whitespace().collect();
    let process = command(folder.path(), &arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // what is found is kept at once
    let begun = Instant::now();
    let kept = folder.path().join("kept");
    while !kept.exists() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "nothing is found"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    interrupt(&process);
    let called = Called::new(process.wait_with_output().unwrap()).ended_with(130);
    called.complains_of(&["telling what was found"]);
    assert!(
        called.out.contains("ended before its time"),
        "{}",
        called.out
    );
    let report = fs::read_to_string(folder.path().join("found.json")).unwrap();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    assert_eq!(report["ended"], "asked");
    assert!(!report["findings"].as_array().unwrap().is_empty());
}

#[test]
fn what_racing_found_before_ctrl_c_is_told_and_written() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = ["race", "--bug", "double-accept", "--report", "raced.json"];
    let mut process = command(folder.path(), &arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // of each race that is not explained it is told at once
    let mut lines = BufReader::new(process.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    interrupt(&process);
    let out: Vec<String> = lines.map(Result::unwrap).collect();
    let called = Called::new(process.wait_with_output().unwrap()).ended_with(130);
    called.complains_of(&["telling what was found"]);
    let out = out.join("\n");
    assert!(out.contains("no order explains what happened in"), "{out}");
    let reports = fs::read_to_string(folder.path().join("raced.json")).unwrap();
    let reports: serde_json::Value = serde_json::from_str(&reports).unwrap();
    let reports = reports.as_array().unwrap();
    assert!(reports.iter().any(|it| !it["finding"].is_null()));
}
