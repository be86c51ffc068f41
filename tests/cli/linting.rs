//! `harness lint`.

use std::fs;

use tempfile::TempDir;

use crate::called::{Called, harness, harness_in};

/// A folder with feature files.
struct Project(TempDir);

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("features")).unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        Self(folder)
    }

    fn lint(&self, arguments: &[&str]) -> Called {
        let arguments: Vec<&str> = ["lint"].iter().chain(arguments).copied().collect();
        harness_in(self.0.path(), &arguments)
    }
}

const GOOD: (&str, &str) = (
    "features/good.feature",
    "Feature: f\n  Scenario: s\n    Given subarray 1 is in obsState IDLE\n",
);
const UNDEFINED: (&str, &str) = (
    "features/undefined.feature",
    "Feature: f\n  Scenario: s\n    Given subarray 1 naps in obsState READY\n",
);
const WITHOUT_FEATURE: (&str, &str) = (
    "features/without.feature",
    "Scenario: t\n  Given subarray 1 is in obsState READY\n",
);

#[test]
fn the_features_of_this_project_have_no_errors() {
    let called = harness(&["lint"]).ended_with(0);
    assert!(called.out.contains(" 0 errors"), "{}", called.out);
}

#[test]
fn an_undefined_step_is_told_with_its_place_and_the_nearest_one() {
    let called = Project::new(&[GOOD, UNDEFINED]).lint(&[]).ended_with(1);
    let told = "features/undefined.feature\n     3  error    no step matches \
                `Given subarray 1 naps in obsState READY`; did you mean `";
    assert!(called.out.contains(told), "{}", called.out);
    let last = called.out.lines().last().unwrap();
    assert!(
        last.starts_with("2 files with 2 scenarios: 1 error, "),
        "{last}"
    );
    Project::new(&[GOOD, UNDEFINED])
        .lint(&["--allow", "undefined-step"])
        .ended_with(0);
}

#[test]
fn warnings_fail_only_if_asked() {
    let project = Project::new(&[GOOD, WITHOUT_FEATURE]);
    let called = project.lint(&["features"]).ended_with(0);
    assert!(called.out.contains("[no-feature-line]"), "{}", called.out);
    project.lint(&["--deny-warnings"]).ended_with(1);
    project
        .lint(&["--deny-warnings", "--allow", "no-feature-line"])
        .ended_with(0);
}

#[test]
fn programs_are_told_in_json() {
    let called = Project::new(&[UNDEFINED])
        .lint(&["--format", "json"])
        .ended_with(1);
    for part in [
        "\"line\": 3",
        "\"rule\": \"undefined-step\"",
        "\"severity\": \"error\"",
    ] {
        assert!(called.out.contains(part), "{}", called.out);
    }
}

#[test]
fn files_that_no_source_names_are_told() {
    let project = Project::new(&[
        GOOD,
        WITHOUT_FEATURE,
        ("test_a.py", "@scenario(\"features/good.feature\", \"s\")\n"),
    ]);
    let called = project.lint(&["--used-by", "test_a.py"]).ended_with(0);
    let found = called
        .out
        .lines()
        .filter(|line| line.contains("[unused-file]"));
    assert_eq!(found.count(), 1, "{}", called.out);
    assert!(
        !called.out.contains("features/good.feature"),
        "{}",
        called.out
    );
}

#[test]
fn files_that_can_not_be_read_are_told_beside_the_others() {
    let broken = (
        "features/broken.feature",
        "Scenario: s\n  Given g\n  Wen h\n",
    );
    let called = Project::new(&[broken, GOOD]).lint(&[]).ended_with(1);
    assert!(
        called.out.contains("did you mean `When`?  [unreadable]"),
        "{}",
        called.out
    );
    assert!(
        called.out.contains("1 file with 1 scenario"),
        "{}",
        called.out
    );
}

#[test]
fn the_rules_are_listed_and_unknown_ones_refused() {
    let called = harness(&["lint", "--rules"]).ended_with(0);
    assert!(
        called.out.contains("error    undefined-step"),
        "{}",
        called.out
    );
    harness(&["lint", "--allow", "nonsense"])
        .ended_with(2)
        .complains_of(&["there is no rule `nonsense`"]);
    let folder = tempfile::tempdir().unwrap();
    harness_in(folder.path(), &["lint"])
        .ended_with(2)
        .complains_of(&["features", "next: "]);
    fs::create_dir(folder.path().join("features")).unwrap();
    harness_in(folder.path(), &["lint"]).ended_with(3);
}
