//! `harness run`.

use std::{fs, net::TcpListener, path::PathBuf};

use tempfile::TempDir;

use crate::called::{Called, harness, harness_in};

const PASSING: &str = "  Scenario: good\n    Given subarray 1 is in obsState IDLE\n    \
                       Then subarray 1 is in obsState IDLE\n";
const FAILING: &str = "  Scenario: bad\n    Given subarray 1 is in obsState IDLE\n    \
                       When the command Configure is sent to subarray 1\n    \
                       Then the command is rejected\n";
const UNDEFINED: &str = "  Scenario: unknown\n    Given subarray 1 naps in obsState IDLE\n";

/// A folder with a feature of these scenarios.
struct Project(TempDir);

impl Project {
    fn new(scenarios: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("features")).unwrap();
        let text = format!("Feature: f\n{scenarios}");
        fs::write(folder.path().join("features/f.feature"), text).unwrap();
        Self(folder)
    }

    fn run(&self, arguments: &[&str]) -> Called {
        harness_in(self.0.path(), arguments)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

#[test]
fn without_a_verb_the_features_of_this_folder_are_run() {
    let called = Project::new(PASSING).run(&[]).ended_with(0);
    assert!(called.out.contains("passed    good"), "{}", called.out);
    assert!(
        called.out.contains("1 scenario: 1 passed;"),
        "{}",
        called.out
    );
}

#[test]
fn a_failing_scenario_is_told_with_its_place_and_its_account() {
    let called = Project::new(&format!("{FAILING}{PASSING}"))
        .run(&["run"])
        .ended_with(1);
    for word in [
        "FAILED    bad",
        "features/f.feature:5",
        "Configure was not rejected in IDLE",
        "READY",
        "2 scenarios: 1 passed, 1 failed;",
    ] {
        assert!(
            called.out.contains(word),
            "`{word}` is not in:\n{}",
            called.out
        );
    }
}

#[test]
fn fail_fast_leaves_the_rest() {
    let project = Project::new(&format!("{FAILING}{PASSING}"));
    let called = project.run(&["run", "--fail-fast"]).ended_with(1);
    assert!(
        called.out.contains("1 scenario: 1 failed;"),
        "{}",
        called.out
    );
}

#[test]
fn undefined_steps_have_a_code_of_their_own() {
    let called = Project::new(&format!("{UNDEFINED}{PASSING}"))
        .run(&["run"])
        .ended_with(3);
    assert!(
        called
            .out
            .contains("did you mean: Given subarray 1 is in obsState READY")
    );
    called.complains_of(&["harness steps", "--explain"]);
}

#[test]
fn a_run_without_scenarios_does_not_pass() {
    let called = Project::new(PASSING)
        .run(&["run", "--name", "nobody"])
        .ended_with(3);
    assert!(called.out.contains("nothing ran"), "{}", called.out);
    called.complains_of(&["--name"]);
}

#[test]
fn tags_and_names_choose() {
    let project = Project::new(&format!("  @slow\n{FAILING}{PASSING}"));
    project.run(&["run", "--tags", "not @slow"]).ended_with(0);
    project.run(&["run", "--name", "^good$"]).ended_with(0);
    project.run(&["run", "--tags", "@slow"]).ended_with(1);
}

#[test]
fn features_that_are_not_there_are_named() {
    let folder = tempfile::tempdir().unwrap();
    harness_in(folder.path(), &["run"])
        .ended_with(2)
        .complains_of(&["features", "next: "]);
    harness_in(folder.path(), &["run", "no.feature"])
        .ended_with(2)
        .complains_of(&["no.feature"]);
}

#[test]
fn a_broken_feature_is_told_with_file_and_line() {
    let project =
        Project::new("  Scenario: s\n    Given subarray 1 is in obsState IDLE\n    Thn x\n");
    project
        .run(&["run"])
        .ended_with(2)
        .complains_of(&["features/f.feature:4", "Thn x"]);
}

#[test]
fn reports_and_journal_are_written() {
    let project = Project::new(&format!("{PASSING}{FAILING}"));
    let arguments = [
        "run",
        "--junit",
        "build/junit.xml",
        "--json",
        "build/run.json",
        "--journal",
        "all.jsonl",
    ];
    project.run(&arguments).ended_with(1);
    let junit = fs::read_to_string(project.path("build/junit.xml")).unwrap();
    assert!(
        junit.contains("Configure was not rejected in IDLE"),
        "{junit}"
    );
    let json = fs::read_to_string(project.path("build/run.json")).unwrap();
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json[0]["elements"].as_array().unwrap().len(), 2);
    let journal = fs::read_to_string(project.path("all.jsonl")).unwrap();
    let entries: Vec<serde_json::Value> = journal
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert!(
        entries.iter().any(|entry| entry["kind"] == "command"),
        "{journal}"
    );
}

#[test]
fn what_only_the_simulator_can_do_is_not_applicable_elsewhere() {
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let project = Project::new(&format!("  @simulated\n{PASSING}"));
    project.run(&["run"]).ended_with(0);
    let telescope = format!(
        "name = \"gone\"\ntango_host = \"127.0.0.1:{port}\"\n[roles]\nsubarray = \"low-tmc/subarray/01\"\n"
    );
    fs::write(project.path("gone.toml"), telescope).unwrap();
    project
        .run(&["run", "--telescope", "gone.toml"])
        .ended_with(4)
        .complains_of(&["gone", &port.to_string(), "next: "]);
}

#[test]
fn features_of_the_project_pass_on_the_simulated_telescope() {
    let features = [
        "run",
        "features/abort_restart.feature",
        "features/recovery.feature",
    ];
    let called = harness(&features).ended_with(0);
    assert!(
        called.out.contains("Observe again after an abort"),
        "{}",
        called.out
    );
}
