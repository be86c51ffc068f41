//! Running in parts, again, or not at all, and what is left behind.

use std::{fs, path::Path, time::Duration};

use crate::called::{command, harness_in};

const FEATURE: &str = "\
@XTP-1
Feature: f
  @smoke @stations(ci-1)
  Scenario: one
    Given subarray 1 is in obsState IDLE
  @Team_A
  Scenario: two
    Given subarray 1 is in obsState IDLE
  Scenario: three
    Given subarray 1 is in obsState IDLE
";

const BAD: &str = "  Scenario: bad\n    Given subarray 1 is in obsState IDLE\n    \
                   When the command Configure is sent to subarray 1\n    \
                   Then the command is rejected\n";

fn project(text: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("features")).unwrap();
    fs::write(folder.path().join("features/f.feature"), text).unwrap();
    folder
}

fn json(path: &Path) -> serde_json::Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

#[test]
fn scenarios_are_listed_with_place_and_tags() {
    let project = project(FEATURE);
    let out = harness_in(project.path(), &["run", "--list"])
        .ended_with(0)
        .out;
    assert!(
        out.contains("features/f.feature:4  one  @smoke  @stations(ci-1)  @XTP-1\n"),
        "{out}"
    );
    let arguments = ["run", "--list", "--format", "json", "--tags", "@team_a"];
    let out = harness_in(project.path(), &arguments).ended_with(0).out;
    let list: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["scenario"], "two");
    let arguments = ["run", "--list", "--tags", "@stations(ci-1) and @smoke"];
    let out = harness_in(project.path(), &arguments).ended_with(0).out;
    assert_eq!(out.lines().count(), 1, "{out}");
}

#[test]
fn a_dry_run_looks_up_every_line_and_needs_no_telescope() {
    let sound = project(FEATURE);
    let telescope = "name = \"gone\"\ntango_host = \"127.0.0.1:9\"\n[roles]\nsubarray = \
                     \"low-tmc/subarray/01\"\n";
    fs::write(sound.path().join("gone.toml"), telescope).unwrap();
    let arguments = ["run", "--dry-run", "--telescope", "gone.toml"];
    let out = harness_in(sound.path(), &arguments).ended_with(0).out;
    assert!(out.contains("3 scenarios would be run"), "{out}");
    let unsound = project(&format!(
        "{FEATURE}    And subarray 1 naps in obsState IDLE\n    And subarray 1 is in obsstates IDLE\n"
    ));
    let out = harness_in(unsound.path(), &["run", "--dry-run"])
        .ended_with(3)
        .out;
    assert!(
        out.contains("undefined: Given subarray 1 naps in obsState IDLE"),
        "{out}"
    );
    // A line that is read otherwise than it is written is told before it is run.
    assert!(out.contains("warning: features/f.feature:12: "), "{out}");
    assert!(out.contains("did you mean: "), "{out}");
}

#[test]
fn all_reports_are_written_into_one_folder() {
    let project = project(FEATURE);
    let arguments = ["run", "--report-dir", "build/reports"];
    harness_in(project.path(), &arguments).ended_with(0);
    let folder = project.path().join("build/reports");
    let report = json(&folder.join("report.json"));
    assert_eq!(report["verdict"], "passed");
    assert_eq!(report["scenarios"].as_array().unwrap().len(), 3);
    let attempt = &report["scenarios"][0]["attempts"][0];
    let (first, end) = (&attempt["journal"][0], &attempt["journal"][1]);
    assert!(first.as_u64().unwrap() < end.as_u64().unwrap(), "{attempt}");
    let cucumber = json(&folder.join("cucumber.json"));
    assert_eq!(cucumber[0]["elements"][0]["tags"][0]["name"], "@smoke");
    let junit = fs::read_to_string(folder.join("report.xml")).unwrap();
    assert!(junit.contains("tests=\"3\""), "{junit}");
    let journal = fs::read_to_string(folder.join("journal.jsonl")).unwrap();
    let of_attempt = journal.lines().filter_map(|line| {
        let entry: serde_json::Value = serde_json::from_str(line).unwrap();
        let sequence = entry["sequence"].as_u64()?;
        let range = first.as_u64()?..end.as_u64()?;
        (range.contains(&sequence) && entry["kind"] == "step").then(|| entry["name"].to_string())
    });
    let names: Vec<_> = of_attempt.collect();
    assert!(names[0].contains("Scenario: one"), "{names:?}");
    assert!(!names.iter().any(|name| name.contains("two")), "{names:?}");
}

#[test]
fn shards_are_merged_and_a_missing_one_is_told() {
    let project = project(FEATURE);
    let run = |shard: &str, folder: &str| {
        let arguments = ["run", "--shard", shard, "--report-dir", folder];
        harness_in(project.path(), &arguments).ended_with(0);
    };
    run("1/2", "reports/1");
    let merge = ["report", "merge", "reports", "--out", "reports/all"];
    harness_in(project.path(), &merge)
        .ended_with(1)
        .complains_of(&["shards are missing: 2/2"]);
    run("2/2", "reports/2");
    let out = harness_in(project.path(), &merge).ended_with(0).out;
    assert!(out.contains("2 reports, 3 scenarios: 3 passed"), "{out}");
    let report = json(&project.path().join("reports/all/report.json"));
    assert_eq!(report["verdict"], "passed");
    assert_eq!(report.get("shards"), None);
    assert!(project.path().join("reports/all/report.xml").exists());
    assert!(project.path().join("reports/all/cucumber.json").exists());
}

#[test]
fn a_run_that_found_no_telescope_leaves_no_report_of_the_run_before() {
    let project = project(FEATURE);
    let telescope = "name = \"gone\"\ntango_host = \"127.0.0.1:9\"\n[roles]\nsubarray = \
                     \"low-tmc/subarray/01\"\n";
    fs::write(project.path().join("gone.toml"), telescope).unwrap();
    let arguments = ["run", "--report-dir", "r"];
    harness_in(project.path(), &arguments).ended_with(0);
    let arguments = ["run", "--report-dir", "r", "--telescope", "gone.toml"];
    harness_in(project.path(), &arguments).ended_with(4);
    harness_in(project.path(), &["report", "merge", "r", "--out", "all"])
        .ended_with(2)
        .complains_of(&["report.json", "cut off"]);
}

#[test]
fn a_file_that_cannot_be_read_leaves_no_report_of_the_run_before() {
    let project = project(FEATURE);
    let arguments = ["run", "--report-dir", "r"];
    harness_in(project.path(), &arguments).ended_with(0);
    fs::write(project.path().join("features/f.feature"), "Featur: f\n").unwrap();
    harness_in(project.path(), &arguments).ended_with(2);
    harness_in(project.path(), &["report", "merge", "r", "--out", "all"])
        .ended_with(2)
        .complains_of(&["report.json", "cut off"]);
}

#[test]
fn flaky_has_a_code_of_its_own() {
    let project = project(FEATURE);
    let arguments = ["run", "--name", "one", "--report", "r.json"];
    harness_in(project.path(), &arguments).ended_with(0);
    let path = project.path().join("r.json");
    let report = fs::read_to_string(&path).unwrap();
    let verdict = "\"verdict\": \"passed\",\n  \"scenarios\"";
    assert!(report.contains(verdict), "{report}");
    fs::write(
        &path,
        report.replace(verdict, &verdict.replace("passed", "flaky")),
    )
    .unwrap();
    let merge = ["report", "merge", "r.json", "--out", "all"];
    let out = harness_in(project.path(), &merge).ended_with(5).out;
    assert!(out.contains("in all: flaky"), "{out}");
}

#[test]
fn a_shard_is_chosen_by_what_started_the_process() {
    let project = project(FEATURE);
    let output = command(project.path(), &["run", "--list", "--shard", "auto/3"])
        .env("JOB_COMPLETION_INDEX", "1")
        .output()
        .unwrap();
    let out = String::from_utf8(output.stdout).unwrap();
    assert_eq!(out.lines().count(), 1, "{out}");
    harness_in(project.path(), &["run", "--list", "--shard", "auto"])
        .ended_with(2)
        .complains_of(&["CI_NODE_INDEX"]);
    harness_in(project.path(), &["run", "--shard", "4/3"])
        .ended_with(2)
        .complains_of(&["`4/3` is not a shard"]);
}

#[test]
fn a_repeated_run_tells_its_rounds() {
    let project = project(FEATURE);
    let arguments = [
        "run", "--repeat", "2", "--name", "one", "--report", "r.json",
    ];
    let out = harness_in(project.path(), &arguments).ended_with(0).out;
    assert!(out.contains("round 2"), "{out}");
    let report = json(&project.path().join("r.json"));
    assert_eq!(report["scenarios"][1]["repetition"], 2);
}

#[test]
fn what_fails_is_tried_again_and_the_run_says_so() {
    let project = project(&format!("Feature: f\n{BAD}"));
    let out = harness_in(project.path(), &["run", "--retry", "1"])
        .ended_with(1)
        .out;
    assert!(out.contains("attempt 1; it is tried again"), "{out}");
    assert!(out.contains("FAILED    bad"), "{out}");
}

#[test]
fn a_file_that_is_left_out_fails_the_run_and_is_told_everywhere() {
    let project = project(FEATURE);
    fs::write(
        project.path().join("features/g.feature"),
        b"Feature: \xff\n",
    )
    .unwrap();
    harness_in(project.path(), &["run"]).ended_with(2);
    let run = ["run", "--keep-going", "--report-dir", "reports"];
    let out = harness_in(project.path(), &run).ended_with(1).out;
    assert!(
        out.contains("3 scenarios: 3 passed; 1 file not read"),
        "{out}"
    );
    assert!(out.contains("  features/g.feature:1"), "{out}");
    let report = json(&project.path().join("reports/report.json"));
    assert_eq!(report["verdict"], "failed");
    let junit = fs::read_to_string(project.path().join("reports/report.xml")).unwrap();
    assert!(junit.contains("type=\"refused\""), "{junit}");
    harness_in(project.path(), &["run", "--keep-going", "--list"])
        .ended_with(1)
        .complains_of(&["refused: features/g.feature:1"]);
    harness_in(project.path(), &["run", "--keep-going", "--dry-run"]).ended_with(1);
}

/// Unlike a path that is wrong, which ends it before anything is run with code 2.
#[cfg(target_os = "linux")]
#[test]
fn a_report_that_cannot_be_written_in_the_end_fails_the_run() {
    let project = project(FEATURE);
    let run = ["run", "--report", "/dev/full", "--junit", "report.xml"];
    let ended = harness_in(project.path(), &run).ended_with(1);
    assert!(ended.out.contains("3 scenarios: 3 passed"), "{}", ended.out);
    ended.complains_of(&[
        "can't write the JSON report to /dev/full",
        "the run is over",
    ]);
    let junit = fs::read_to_string(project.path().join("report.xml")).unwrap();
    assert!(junit.contains("</testsuites>"), "{junit}");
    let absent = ["run", "--report", "features/f.feature/report.json"];
    harness_in(project.path(), &absent).ended_with(2);
}

#[test]
fn what_is_no_report_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("report.json"), "{}").unwrap();
    harness_in(folder.path(), &["report", "merge", ".", "--out", "all"])
        .ended_with(2)
        .complains_of(&["report.json", "is no report of `harness run`"]);
    harness_in(
        folder.path(),
        &["report", "merge", "absent", "--out", "all"],
    )
    .ended_with(2)
    .complains_of(&["absent"]);
}

#[test]
fn a_shard_that_was_killed_does_not_hide_the_others() {
    let project = project(FEATURE);
    let run = ["run", "--shard", "1/2", "--report-dir", "reports/1"];
    harness_in(project.path(), &run).ended_with(0);
    fs::create_dir_all(project.path().join("reports/2")).unwrap();
    // As a run leaves it that is killed before its end.
    fs::write(project.path().join("reports/2/report.json"), "").unwrap();
    let merge = ["report", "merge", "reports", "--out", "all"];
    harness_in(project.path(), &merge)
        .ended_with(1)
        .complains_of(&["shards are missing: 2/2", "2/report.json is no report"]);
    let report = json(&project.path().join("all/report.json"));
    assert_eq!(report["verdict"], "failed");
    assert!(!report["scenarios"].as_array().unwrap().is_empty());
}

#[test]
fn a_report_of_a_newer_harness_is_told_as_that() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("report.json"),
        "{\"schema\": 2, \"run\": []}",
    )
    .unwrap();
    harness_in(folder.path(), &["report", "merge", ".", "--out", "all"])
        .ended_with(2)
        .complains_of(&["report.json has schema 2, and this harness knows 1"]);
}

/// A pipe is opened when somebody reads from it; until then Ctrl-C ends the run.
#[cfg(target_os = "linux")]
#[test]
fn a_journal_that_nobody_reads_does_not_hold_up_ctrl_c() {
    let project = project(FEATURE);
    let signal = |kind: &str, id: &str| {
        let mut kill = std::process::Command::new("kill");
        assert!(kill.args([kind, id]).status().unwrap().success());
    };
    let mut pipe = std::process::Command::new("mkfifo");
    let made = pipe.arg(project.path().join("pipe")).status().unwrap();
    assert!(made.success());
    let mut child = command(project.path(), &["run", "--journal", "pipe"])
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // Until it listens for Ctrl-C, which its status shows as a caught signal 2.
    let status = format!("/proc/{}/status", child.id());
    let listens = || {
        let status = fs::read_to_string(&status).unwrap_or_default();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
        let caught = caught.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
        caught.is_some_and(|mask| mask & 2 != 0)
    };
    let mut patience = 2000;
    while !listens() && patience > 0 {
        std::thread::sleep(Duration::from_millis(5));
        patience -= 1;
    }
    signal("-INT", &child.id().to_string());
    let mut ended = child.try_wait().unwrap();
    let mut patience = 2000;
    while ended.is_none() && patience > 0 {
        std::thread::sleep(Duration::from_millis(5));
        patience -= 1;
        ended = child.try_wait().unwrap();
    }
    if ended.is_none() {
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert_eq!(ended.and_then(|status| status.code()), Some(130));
}
