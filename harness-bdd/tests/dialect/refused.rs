//! What can't be read is refused, with its place and what to do.

use crate::refused;

#[test]
fn text_without_a_keyword_is_no_feature_file() {
    assert_eq!(
        refused("\n  some notes\n"),
        "rain.feature:2:3: not a feature file: `some notes` can't stand here; \
         write `Feature:` or `Scenario:` and a name above it"
    );
}

#[test]
fn a_step_before_any_scenario_is_refused() {
    let error = refused("\nGiven rain\nScenario: s\n  Given rain\n");
    assert!(error.starts_with("rain.feature:2:1: "), "{error}");
    assert!(
        error.ends_with("write `Scenario:` and a name above the first step"),
        "{error}"
    );
}

#[test]
fn a_misspelt_keyword_is_told_with_the_right_one() {
    for (line, meant) in [
        ("Wehn wind", "When"),
        ("Scenaro: t", "Scenario"),
        ("Exampls:", "Examples"),
    ] {
        let error = refused(&format!("Scenario: s\n  Given rain\n  {line}\n"));
        assert!(error.contains("rain.feature:3:3: "), "{error}");
        assert!(error.contains(&format!("did you mean `{meant}")), "{error}");
    }
}

#[test]
fn cells_that_would_be_lost_are_refused() {
    let table = "Scenario: s\n  Given <a>\nExamples:\n | a |\n | 1 |\n | 1 | 2 |\n";
    let error = refused(table);
    assert!(error.starts_with("rain.feature:6:1: "), "{error}");
    assert!(error.contains("name a column for `2`"), "{error}");
}

#[test]
fn what_stands_in_the_wrong_place_is_refused() {
    let cases = [
        (
            "Scenario: s\n  Given rain\n  When\n",
            "3:3",
            "write the step's text behind it",
        ),
        (
            "Scenario: s\n  Given rain\nBackground:\n  Given wind\n",
            "3:1",
            "before the first scenario",
        ),
        (
            "Scenario: s\n  Given rain\nExamples:\n | a |\n | 1 |\nsome prose\n",
            "6:1",
            "rows begin",
        ),
        (
            "Feature: f\nExamples:\nScenario: s\n  Given rain\n",
            "2:1",
            "behind the steps",
        ),
        (
            "Scenario: s\n  Given rain\n  \"\"\"\n  text\n",
            "3:3",
            "closing quotes",
        ),
        ("\"\"\"text\nScenario: s\n", "1:1", "closing quotes"),
    ];
    for (text, place, advice) in cases {
        let error = refused(text);
        assert!(
            error.starts_with(&format!("rain.feature:{place}: ")),
            "{error}"
        );
        assert!(error.contains(advice), "{error}");
    }
}

#[test]
fn a_file_that_is_not_utf_8_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.feature");
    std::fs::write(&path, b"Feature: f\nScenario: s\n  Given 5 \xb5m\n").unwrap();
    let loaded = harness_bdd::feature::load_readable([folder.path()]);
    let text = loaded.refused[0].to_string();
    assert!(text.contains("a.feature:3:1: "), "{text}");
    assert!(text.ends_with("save the file as UTF-8"), "{text}");
}
