//! A report as JUnit XML, as GitLab and Jenkins read it.

use std::{collections::BTreeMap, time::Duration};

use quick_junit::{
    NonSuccessKind, Property, Report, SerializeError, TestCase, TestCaseStatus, TestRerun,
    TestSuite,
};

use super::{AttemptReport, RunReport, ScenarioClass, ScenarioReport};

/// Writes the report as JUnit XML: a suite for each feature, a case for each scenario.
///
/// An undefined line and what was called off are errors, a scenario that makes no sense on this
/// telescope is skipped, and one that passed when it was tried again has a `flakyFailure` for each time
/// that it did not. A tear-down that failed is a case of its own after the scenario's.
///
/// # Errors
/// If the XML can't be put together.
pub fn junit(report: &RunReport) -> Result<String, SerializeError> {
    let mut written = Report::new(report.telescope.as_deref().unwrap_or("harness"));
    written.set_time(duration(report.duration_seconds));
    for suite in suites(report) {
        written.add_test_suite(suite);
    }
    written.to_string()
}

/// A suite for each feature file, in the order in which they were begun.
fn suites(report: &RunReport) -> Vec<TestSuite> {
    let mut suites: Vec<(String, TestSuite)> = Vec::new();
    let mut add = |file: String, feature: &str, case: TestCase, seconds: f64| {
        let index = match suites.iter().position(|(other, _)| *other == file) {
            Some(index) => index,
            None => {
                let mut suite = TestSuite::new(feature);
                suite.set_time(Duration::ZERO);
                suite.extra.insert("file".into(), file.as_str().into());
                suite
                    .extra
                    .insert("timestamp".into(), report.started.as_str().into());
                suites.push((file, suite));
                suites.len() - 1
            }
        };
        if let Some((_, suite)) = suites.get_mut(index) {
            let before = suite.time.unwrap_or_default();
            suite.set_time(before + duration(seconds));
            suite.add_test_case(case);
        }
    };
    let names = Names::of(&report.scenarios);
    for scenario in &report.scenarios {
        let file = scenario.file.display().to_string();
        let name = names.name(scenario);
        let seconds = |attempt: &AttemptReport| attempt.duration_seconds;
        let seconds = scenario.attempts.iter().map(seconds).sum();
        let case = case(scenario, &name, seconds);
        add(file.clone(), &scenario.feature, case, seconds);
        if let Some(failure) = scenario.tear_down() {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status
                .set_type("tear-down")
                .set_message(first_line(&failure));
            status.set_description(failure);
            let name = format!("{name}: tear-down");
            let case = placed(TestCase::new(name, status), scenario);
            add(file, &scenario.feature, case, 0.0);
        }
    }
    for one in &report.not_applicable {
        let mut status = TestCaseStatus::skipped();
        status.set_message(one.reason.as_str());
        let mut case = TestCase::new(one.name.as_str(), status);
        let file = one.file.display().to_string();
        let feature = report.scenarios.iter().find(|other| other.file == one.file);
        let feature = feature.map_or(file.as_str(), |other| other.feature.as_str());
        case.set_classname(feature).set_time(Duration::ZERO);
        case.extra.insert("file".into(), file.as_str().into());
        case.extra
            .insert("line".into(), one.line.to_string().into());
        add(file.clone(), feature, case, 0.0);
    }
    suites.into_iter().map(|(_, suite)| suite).collect()
}

fn case(scenario: &ScenarioReport, name: &str, seconds: f64) -> TestCase {
    let last = scenario.attempts.last();
    let mut status = match scenario.verdict {
        ScenarioClass::Passed | ScenarioClass::Flaky => TestCaseStatus::success(),
        ScenarioClass::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        ScenarioClass::Undefined | ScenarioClass::Stopped => {
            TestCaseStatus::non_success(NonSuccessKind::Error)
        }
    };
    match scenario.verdict {
        ScenarioClass::Passed | ScenarioClass::Flaky => {}
        ScenarioClass::Stopped => {
            status
                .set_type("stopped")
                .set_message("the run was asked to end before this scenario was over");
        }
        ScenarioClass::Failed | ScenarioClass::Undefined => {
            let (message, account) = last.map_or_else(Default::default, failure);
            let class = match scenario.verdict {
                ScenarioClass::Undefined => "undefined",
                _ => "failed",
            };
            status
                .set_type(class)
                .set_message(message)
                .set_description(account);
        }
    }
    // What came before the last attempt; the writer tells `flakyFailure` from `rerunFailure`.
    let earlier = scenario
        .attempts
        .split_last()
        .map_or(&[][..], |(_, all)| all);
    for attempt in earlier {
        let (message, account) = failure(attempt);
        let mut rerun = TestRerun::new(NonSuccessKind::Failure);
        rerun
            .set_type("failed")
            .set_message(message)
            .set_description(account)
            .set_time(duration(attempt.duration_seconds));
        status.add_rerun(rerun);
    }
    let mut case = placed(TestCase::new(name, status), scenario);
    case.set_time(duration(seconds));
    for tag in scenario.feature_tags.iter().chain(&scenario.tags) {
        case.add_property(Property::new("tag", tag.as_str()));
    }
    if scenario.verdict == ScenarioClass::Flaky {
        case.add_property(Property::new("flaky", "true"));
    }
    let warned = scenario
        .attempts
        .iter()
        .filter_map(|one| one.warned.clone());
    if let Some(warned) = warned.reduce(|all, one| format!("{all}\n{one}")) {
        case.set_system_err(warned);
    }
    if let Some(attempt) = last {
        case.set_system_out(steps(attempt));
    }
    case
}

fn placed(mut case: TestCase, scenario: &ScenarioReport) -> TestCase {
    case.set_classname(scenario.feature.as_str())
        .set_time(Duration::ZERO);
    let file = scenario.file.display().to_string();
    case.extra.insert("file".into(), file.into());
    let line = scenario.line.to_string();
    case.extra.insert("line".into(), line.into());
    case
}

/// What failed, in a line and in full.
fn failure(attempt: &AttemptReport) -> (String, String) {
    if let Some(message) = &attempt.set_up {
        let line = format!("set-up: {}", first_line(message));
        return (line, format!("set-up\n{message}\n"));
    }
    let Some(step) = attempt.decisive_step() else {
        return Default::default();
    };
    let message = step.message.as_deref().unwrap_or_default();
    let written = step.as_written();
    let line = format!("{written}: {}", first_line(message));
    (
        line,
        format!("{written}   # line {}\n{message}\n", step.line),
    )
}

/// The steps with what came of them, a line each.
fn steps(attempt: &AttemptReport) -> String {
    let lines = attempt.steps.iter().map(|step| {
        let verdict = format!("{:?}", step.verdict).to_lowercase();
        let seconds = step.duration_seconds;
        format!("{verdict:<9} {} ({seconds:.1} s)\n", step.as_written())
    });
    lines.collect()
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn duration(seconds: f64) -> Duration {
    Duration::try_from_secs_f64(seconds).unwrap_or_default()
}

/// Names for cases. Those who read JUnit files take two cases of one class and name for the same one,
/// which the rows of an outline and the rounds of a repeated run must not be.
struct Names<'a>(BTreeMap<(&'a str, &'a str, Option<usize>), usize>);

impl<'a> Names<'a> {
    fn of(scenarios: &'a [ScenarioReport]) -> Self {
        let mut counts = BTreeMap::new();
        for one in scenarios {
            let key = (one.feature.as_str(), one.name.as_str(), one.repetition);
            *counts.entry(key).or_default() += 1;
        }
        Self(counts)
    }

    fn name(&self, scenario: &ScenarioReport) -> String {
        let (feature, name) = (scenario.feature.as_str(), scenario.name.as_str());
        let count = self.0.get(&(feature, name, scenario.repetition));
        let mut name = name.to_owned();
        if count.is_some_and(|count| *count > 1) {
            name.push_str(&format!(", line {}", scenario.line));
        }
        if let Some(round) = scenario.repetition {
            name.push_str(&format!(", round {round}"));
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use quick_junit::XmlString;

    use super::{super::sample::*, *};

    fn written(scenarios: Vec<ScenarioReport>) -> Report {
        Report::deserialize_from_str(&junit(&run(scenarios)).unwrap()).unwrap()
    }

    #[test]
    fn it_is_read_back_with_the_counts_that_ci_shows() {
        let report = written(vec![passed(), failed(), flaky(), undefined()]);
        assert_eq!(
            (report.tests, report.failures, report.errors),
            (5, 1, 1),
            "{report:?}"
        );
        let suite = &report.test_suites[0];
        assert_eq!(suite.name.as_str(), "Weather");
        let case = &suite.test_cases[1];
        assert_eq!(case.name.as_str(), "drought");
        assert_eq!(case.classname.as_ref().unwrap().as_str(), "Weather");
        let extra = |name: &str| case.extra[&XmlString::new(name)].as_str();
        assert_eq!(extra("file"), "features/weather.feature");
        assert_eq!(extra("line"), "3");
        let TestCaseStatus::NonSuccess { description, .. } = &case.status else {
            panic!("{case:?}");
        };
        let account = description.as_ref().unwrap().as_str();
        assert!(
            account.contains("it is <dry> & hot\ncaused by: the sun"),
            "{account}"
        );
    }

    #[test]
    fn what_passed_when_tried_again_keeps_its_failure() {
        let text = junit(&run(vec![flaky()])).unwrap();
        assert!(text.contains("<flakyFailure"), "{text}");
        assert!(
            text.contains(r#"<property name="flaky" value="true""#),
            "{text}"
        );
    }

    #[test]
    fn a_failed_tear_down_is_a_case_of_its_own() {
        let mut scenario = passed();
        scenario.attempts[0].tear_down = Some("still SCANNING".into());
        let report = written(vec![scenario]);
        let cases = &report.test_suites[0].test_cases;
        assert!(matches!(cases[0].status, TestCaseStatus::Success { .. }));
        assert_eq!(cases[1].name.as_str(), "rain: tear-down");
        assert_eq!((report.tests, report.errors), (3, 1));
    }

    #[test]
    fn what_does_not_apply_is_skipped_with_its_reason() {
        let text = junit(&run(vec![passed()])).unwrap();
        assert!(
            text.contains(r#"<skipped message="it is summer""#),
            "{text}"
        );
    }

    #[test]
    fn no_two_cases_have_the_same_name() {
        let mut rows = vec![passed(), passed()];
        rows[1].line = 8;
        let mut rounds = vec![failed(), failed()];
        rounds[0].repetition = Some(1);
        rounds[1].repetition = Some(2);
        let report = written(rows.into_iter().chain(rounds).collect());
        let cases = &report.test_suites[0].test_cases;
        let names: Vec<_> = cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(
            names,
            [
                "rain, line 3",
                "rain, line 8",
                "drought, round 1",
                "drought, round 2"
            ]
        );
    }
}
