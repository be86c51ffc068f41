//! What lint finds, and what it lets be.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

use harness_bdd::{
    StepBook,
    cucumber::World,
    feature,
    lint::{KnownSteps, LintReport, Linter, Lookup, rule},
    step,
};

#[derive(Debug, Default, World)]
struct Weather;

fn lint(text: &str) -> LintReport {
    let book = StepBook::<Weather>::new()
        .given("{word} is there", |_, _| step(async { Ok(()) }))
        .when("I wait for {word}", |_, _| step(async { Ok(()) }))
        .then("it is {word}", |_, _| step(async { Ok(()) }));
    let linter = Linter::new().with_steps(KnownSteps::new(book, &[]).unwrap());
    linter.look_at(feature::parse_all("a.feature", text).unwrap())
}

/// Each finding as `rule@line`.
fn found(text: &str) -> Vec<String> {
    let findings = lint(text).findings;
    let name = |finding: &harness_bdd::lint::Finding| format!("{}@{}", finding.rule, finding.line);
    findings.iter().map(name).collect()
}

const STEPS: &str = "    Given rain is there\n    When I wait for sun\n    Then it is dry\n";

#[test]
fn a_sound_file_has_no_findings() {
    let text = format!("@low\nFeature: f\n  @XTP-1 @XTP-2\n  Scenario: s\n{STEPS}");
    assert_eq!(found(&text), [""; 0]);
}

#[test]
fn an_undefined_step_is_told_with_the_nearest_one() {
    let report = lint("Feature: f\n  Scenario: s\n    When I wait for the sun\n");
    assert_eq!(report.findings[0].rule, "undefined-step");
    assert_eq!(
        report.findings[0].message,
        "no step matches `When I wait for the sun`; did you mean `When I wait for {word}`?"
    );
}

#[test]
fn a_line_of_an_outline_is_told_once_for_all_rows() {
    let text = "Feature: f\n  Scenario Outline: s\n    When <a> shines\n    Examples:\n      \
                | a |\n      | sun |\n      | moon |\n";
    let findings = lint(text).findings;
    assert_eq!(findings.len(), 1);
    assert!(findings[0].message.contains("`When sun shines`"));
    assert!(findings[0].message.ends_with("(and so for 1 other rows)"));
}

#[test]
fn a_step_of_several_meanings_is_told() {
    let ambiguous = |_: &harness_bdd::cucumber::gherkin::Step| Lookup::Ambiguous("a and b".into());
    let loaded = feature::parse_all("a.feature", "Feature: f\nScenario: s\n  When x\n").unwrap();
    let report = Linter::new().with_steps(ambiguous).look_at(loaded);
    assert_eq!(
        report.findings[0].message,
        "several steps match `When x`: a and b"
    );
}

#[test]
fn columns_and_rows_that_are_of_no_use_are_told() {
    let text = "Feature: f\n  Scenario Outline: s\n    When I wait for <a>\n    Examples:\n      \
                | a | b |\n      # c\n      | 1 | 2 |\n      | 3 | 2 |\n      | 1 | 2 |\n";
    assert_eq!(found(text), ["unused-column@5", "repeated-row@9"]);
    assert!(lint(text).findings[1].message.contains("line 7"));
}

#[test]
fn repeated_scenarios_are_told_with_the_first_one() {
    let upper = STEPS.replace("rain", "RAIN");
    let text =
        format!("Feature: f\n  Scenario: s\n{STEPS}  Scenario: t\n{STEPS}  Scenario: s\n{upper}");
    let findings = lint(&text).findings;
    assert_eq!(
        findings[0].message,
        "`t` has the same steps as `s` (a.feature:2); drop one, or say in its steps how it differs"
    );
    let rules: Vec<_> = findings
        .iter()
        .map(|finding| (finding.line, finding.rule))
        .collect();
    assert_eq!(
        rules,
        [
            (6, "repeated-scenario"),
            (10, "repeated-name"),
            (10, "repeated-scenario"),
            (11, "wording-drift")
        ]
    );
}

#[test]
fn the_rows_of_one_outline_do_not_repeat_each_other() {
    let text = "Feature: f\n  Scenario Outline: s\n    When I wait for <a>\n    Examples:\n      \
                | a |\n      | x |\n      | X |\n";
    assert!(
        !found(text).iter().any(|name| name.starts_with("repeated")),
        "{:?}",
        found(text)
    );
}

#[test]
fn a_then_before_any_when_is_told() {
    let text = "Feature: f\n  Scenario: s\n    Given rain is there\n    Then it is wet\n    When I wait for x\n";
    assert_eq!(found(text), ["then-before-when@4"]);
    let text =
        "Feature: f\n  Background:\n    When I wait for x\n  Scenario: s\n    Then it is wet\n";
    assert_eq!(found(text), [""; 0]);
}

#[test]
fn tags_that_drift_are_told_where_they_stand() {
    let scenario = |tag: &str, word: &str| {
        format!("  {tag}\n  Scenario: {word}\n    When I wait for {word}\n")
    };
    let text = format!(
        "Feature: f\n{}{}{}{}",
        scenario("@Team_RAIN @weather @XTP-11", "a"),
        scenario("@Team_RAIN @weather @XTP-12", "b"),
        scenario("@Team_Rain @wweather", "c"),
        scenario("@slow", "d")
    );
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.feature"), text).unwrap();
    let report = Linter::new().run([folder.path()]).unwrap();
    let told: Vec<_> = report
        .findings
        .iter()
        .map(|finding| (finding.line, finding.rule))
        .collect();
    assert_eq!(told, [(8, "tag-drift"), (8, "tag-drift")]);
    assert!(
        report.findings[0]
            .message
            .contains("`@Team_Rain` is nearly `@Team_RAIN`, which is used 2 times")
    );
}

#[test]
fn every_departure_has_a_rule() {
    let text = "\u{feff}prose\n@x\nBackground:\n  Given\u{a0}rain is there\nScenario Outline: s\n  and wind is there\n  \
                When I wait for <a> # so\n  it is cold\n    and wet\n@y z\nScenario: t\n  when\n\
                Scenario: u\n  Given <a>\n  Examples:\n  | a | b | |\n  | 1\n  Then it is <c>\n  Examples:\n\
                Feature: v\n";
    let loaded = feature::parse_all("a.feature", text).unwrap();
    assert!(loaded.warnings.len() > 12, "{:?}", loaded.warnings);
    for warning in &loaded.warnings {
        rule(warning.departure.name()).unwrap();
    }
    assert!(!Linter::new().look_at(loaded).findings.is_empty());
}

#[test]
fn a_rule_that_is_allowed_finds_nothing() {
    let loaded = feature::parse_all("a.feature", "Scenario: s\n  When x\n").unwrap();
    let linter = Linter::new().allow("no-feature-line").unwrap();
    assert!(linter.look_at(loaded).findings.is_empty());
    assert!(Linter::new().allow("no-such-rule").is_err());
}

#[test]
fn the_report_counts_and_groups_by_file() {
    let report = lint("Scenario: s\n  When x\n");
    assert_eq!(
        report.to_string(),
        "a.feature\n     1  warning  no `Feature:` line; read as if `Feature: a` stood here  \
         [no-feature-line]\n     2  error    no step matches `When x`; write it as the step library has \
         it, or write a step  [undefined-step]\n1 file with 1 scenario: 1 error, 1 warning, 0 hints"
    );
}
