//! A report as JUnit XML, as GitLab and Jenkins read it.

use std::{
    collections::{BTreeMap, BTreeSet},
    io,
    path::Path,
};

use super::{
    AttemptReport, RunReport, ScenarioClass, ScenarioReport,
    junit_xml::{Case, Finding, Kind, Suite, written},
};

/// Writes the report as JUnit XML: a suite for each feature file, a case for each scenario.
///
/// An undefined line and what was called off are errors, a scenario that makes no sense on this
/// telescope is skipped, a feature file that was left out is an error, and one that passed when it was tried again has a `flakyFailure` for each time
/// that it did not. A tear-down that failed is a case of its own after the scenario's.
///
/// # Errors
/// If the XML can't be put together.
pub fn junit(report: &RunReport) -> io::Result<String> {
    let mut suites: Vec<Suite> = Vec::new();
    let mut add = |feature: &str, case: Case| {
        let same = |suite: &Suite| suite.file == case.file;
        let index = suites.iter().position(same).unwrap_or_else(|| {
            suites.push(Suite {
                name: feature.to_owned(),
                file: case.file.clone(),
                cases: Vec::new(),
            });
            suites.len() - 1
        });
        if let Some(suite) = suites.get_mut(index) {
            suite.cases.push(case);
        }
    };
    let names = Names::of(&report.scenarios);
    for scenario in &report.scenarios {
        let name = names.name(scenario);
        let torn_down = tear_down(scenario, &name);
        add(&scenario.feature, case(scenario, name));
        if let Some(case) = torn_down {
            add(&scenario.feature, case);
        }
    }
    for one in &report.not_applicable {
        let file = one.file.display().to_string();
        let feature = report.scenarios.iter().find(|other| other.file == one.file);
        let feature = feature.map_or(file.clone(), |other| other.feature.clone());
        let case = Case {
            name: one.name.clone(),
            class: feature.clone(),
            file,
            line: one.line,
            findings: vec![Finding {
                message: one.reason.clone(),
                ..Finding::of(Kind::Skipped)
            }],
            ..Case::default()
        };
        add(&feature, case);
    }
    for refused in &report.refused {
        let file = refused.split_once(':').map_or(&**refused, |(file, _)| file);
        let case = Case {
            name: "the file can't be read".to_owned(),
            class: file.to_owned(),
            file: file.to_owned(),
            findings: vec![Finding {
                class: "refused",
                message: first_line(refused).to_owned(),
                account: refused.clone(),
                ..Finding::of(Kind::Error)
            }],
            ..Case::default()
        };
        add(file, case);
    }
    let name = report.telescope.as_deref().unwrap_or("harness");
    written(name, report, &suites)
}

fn case(scenario: &ScenarioReport, name: String) -> Case {
    let last = scenario.decisive_attempt();
    let mut findings = Vec::new();
    match scenario.verdict {
        ScenarioClass::Passed | ScenarioClass::Flaky => {}
        ScenarioClass::Stopped => findings.push(Finding {
            class: "stopped",
            message: "the run was asked to end before this scenario was over".to_owned(),
            ..Finding::of(Kind::Error)
        }),
        ScenarioClass::Undefined => findings.extend(last.map(|attempt| Finding {
            class: "undefined",
            ..failure(attempt, Kind::Error)
        })),
        ScenarioClass::Failed => {
            findings.extend(last.map(|attempt| failure(attempt, Kind::Failure)));
        }
    }
    let again = match scenario.verdict {
        ScenarioClass::Flaky => Kind::FlakyFailure,
        _ => Kind::RerunFailure,
    };
    let others = scenario.other_attempts().map(|(_, attempt)| attempt);
    let failed = others.filter(|attempt| attempt.class() != ScenarioClass::Stopped);
    findings.extend(failed.map(|attempt| failure(attempt, again)));

    let tags = scenario.feature_tags.iter().chain(&scenario.tags);
    let mut properties: Vec<_> = tags.map(|tag| ("tag", tag.clone())).collect();
    if scenario.verdict == ScenarioClass::Flaky {
        properties.push(("flaky", "true".to_owned()));
    }
    let warned = scenario
        .attempts
        .iter()
        .filter_map(|one| one.warned.clone());
    Case {
        seconds: scenario
            .attempts
            .iter()
            .map(|one| one.duration_seconds)
            .sum(),
        findings,
        properties,
        out: last.map(steps).unwrap_or_default(),
        err: warned.collect::<Vec<_>>().join("\n"),
        ..placed(scenario, name)
    }
}

fn tear_down(scenario: &ScenarioReport, name: &str) -> Option<Case> {
    let failure = scenario.tear_down()?;
    let finding = Finding {
        class: "tear-down",
        message: first_line(&failure).to_owned(),
        account: failure,
        ..Finding::of(Kind::Error)
    };
    Some(Case {
        findings: vec![finding],
        ..placed(scenario, format!("{name}: tear-down"))
    })
}

fn placed(scenario: &ScenarioReport, name: String) -> Case {
    Case {
        name,
        class: scenario.feature.clone(),
        file: scenario.file.display().to_string(),
        line: scenario.line,
        ..Case::default()
    }
}

/// What failed, in a line and in full.
fn failure(attempt: &AttemptReport, kind: Kind) -> Finding {
    let (message, account) = match (&attempt.set_up, attempt.decisive_step()) {
        (Some(message), _) => (
            format!("set-up: {}", first_line(message)),
            format!("set-up\n{message}\n"),
        ),
        (None, Some(step)) => {
            let message = step.message.as_deref().unwrap_or_default();
            let written = step.as_written();
            (
                format!("{written}: {}", first_line(message)),
                format!("{written}   # line {}\n{message}\n", step.line),
            )
        }
        (None, None) => Default::default(),
    };
    Finding {
        class: "failed",
        message,
        account,
        seconds: Some(attempt.duration_seconds),
        ..Finding::of(kind)
    }
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

/// Names for cases. Those who read JUnit files take two cases of one class and name for the same one,
/// which the rows of an outline, the rounds of a repeated run, and files that were copied must not be.
struct Names<'a>(BTreeMap<Key<'a>, BTreeSet<(&'a Path, usize)>>);

/// Feature, scenario and round.
type Key<'a> = (&'a str, &'a str, Option<usize>);

impl<'a> Names<'a> {
    fn of(scenarios: &'a [ScenarioReport]) -> Self {
        let mut places: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for one in scenarios {
            let key = (one.feature.as_str(), one.name.as_str(), one.repetition);
            places
                .entry(key)
                .or_default()
                .insert((one.file.as_path(), one.line));
        }
        Self(places)
    }

    fn name(&self, scenario: &ScenarioReport) -> String {
        let (feature, name) = (scenario.feature.as_str(), scenario.name.as_str());
        let places = self.0.get(&(feature, name, scenario.repetition));
        let others = places.into_iter().flatten();
        let mut others = others.filter(|place| **place != (&*scenario.file, scenario.line));
        let mut name = name.to_owned();
        if others.clone().any(|(file, _)| *file != scenario.file) {
            name.push_str(&format!(", {}", scenario.place()));
        } else if others.next().is_some() {
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
    use quick_xml::{Reader, events::Event};

    use super::{super::sample::*, *};

    /// Every element with its attributes, and every text, as a strict reader finds them.
    fn read(text: &str) -> Vec<(String, BTreeMap<String, String>)> {
        let mut reader = Reader::from_str(text);
        let mut found = Vec::new();
        let string = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        loop {
            let event = reader.read_event().unwrap();
            match &event {
                Event::Start(element) | Event::Empty(element) => {
                    let attributes = element.attributes().map(|attribute| {
                        let attribute = attribute.unwrap();
                        let value = string(&attribute.value);
                        let value = quick_xml::escape::unescape(&value).unwrap().into_owned();
                        (string(attribute.key.as_ref()), value)
                    });
                    found.push((string(element.name().as_ref()), attributes.collect()));
                }
                Event::Eof => return found,
                _ => {}
            }
        }
    }

    fn all<'a>(
        found: &'a [(String, BTreeMap<String, String>)],
        name: &str,
    ) -> Vec<&'a BTreeMap<String, String>> {
        let named = found.iter().filter(|(element, _)| element == name);
        named.map(|(_, attributes)| attributes).collect()
    }

    #[test]
    fn it_is_read_back_with_the_counts_that_ci_shows() {
        let text = junit(&run(vec![passed(), failed(), flaky(), undefined()])).unwrap();
        let found = read(&text);
        let whole = all(&found, "testsuites")[0];
        assert_eq!(
            (
                &*whole["tests"],
                &*whole["failures"],
                &*whole["errors"],
                &*whole["skipped"]
            ),
            ("5", "1", "1", "1")
        );
        let suite = all(&found, "testsuite")[0];
        assert_eq!((&*suite["name"], &*suite["tests"]), ("Weather", "4"));
        let case = all(&found, "testcase")[1];
        assert_eq!(
            (
                &*case["name"],
                &*case["classname"],
                &*case["file"],
                &*case["line"]
            ),
            ("drought", "Weather", "features/weather.feature", "3")
        );
        let failure = all(&found, "failure")[0];
        assert_eq!(failure["message"], "When it rains: it is <dry> & hot");
        assert!(
            text.contains("it is &lt;dry&gt; &amp; hot\ncaused by: the sun"),
            "{text}"
        );
        assert_eq!(all(&found, "error")[0]["type"], "undefined");
    }

    #[test]
    fn what_passed_when_tried_again_keeps_its_failure() {
        let found = read(&junit(&run(vec![flaky()])).unwrap());
        assert_eq!(all(&found, "flakyFailure").len(), 1);
        assert!(all(&found, "failure").is_empty());
        let flaky = all(&found, "property").into_iter();
        assert_eq!(flaky.filter(|one| one["name"] == "flaky").count(), 1);
    }

    #[test]
    fn what_failed_each_time_tells_the_attempts_before() {
        let mut scenario = failed();
        scenario.attempts.push(scenario.attempts[0].clone());
        let found = read(&junit(&run(vec![scenario])).unwrap());
        assert_eq!(all(&found, "failure").len(), 1);
        assert_eq!(all(&found, "rerunFailure").len(), 1);
    }

    #[test]
    fn a_failed_tear_down_is_a_case_of_its_own() {
        let mut scenario = passed();
        scenario.attempts[0].tear_down = Some("still SCANNING".into());
        let found = read(&junit(&run(vec![scenario])).unwrap());
        let cases = all(&found, "testcase");
        assert_eq!(cases[1]["name"], "rain: tear-down");
        let errors = all(&found, "error");
        assert_eq!((errors.len(), &*errors[0]["type"]), (1, "tear-down"));
    }

    #[test]
    fn what_does_not_apply_is_skipped_with_its_reason() {
        let found = read(&junit(&run(vec![passed()])).unwrap());
        assert_eq!(all(&found, "skipped")[0]["message"], "it is summer");
    }

    #[test]
    fn a_file_that_was_left_out_is_an_error() {
        let mut report = run(vec![passed()]);
        report.refused = vec!["a.feature:3:1: not a feature file: `x` can't stand here".into()];
        let found = read(&junit(&report).unwrap());
        let error = all(&found, "error")[0];
        assert_eq!(
            (&*error["type"], &*error["message"]),
            ("refused", &*report.refused[0])
        );
        assert_eq!(all(&found, "testcase")[2]["file"], "a.feature");
    }

    #[test]
    fn what_a_device_says_cannot_break_the_file() {
        let mut scenario = failed();
        let words = "\u{1b}[31mred\u{0} ]]> \u{fffe}";
        scenario.attempts[0].steps[1].message = Some(words.to_owned());
        let text = junit(&run(vec![scenario])).unwrap();
        assert!(text.contains("[31mred ]]&gt;"), "{text}");
        assert!(!text.contains(['\u{1b}', '\u{0}', '\u{fffe}']));
    }

    #[test]
    fn cases_of_a_file_and_its_copy_have_different_names() {
        let mut copied = passed();
        copied.file = "features/mid/weather.feature".into();
        let found = read(&junit(&run(vec![passed(), copied])).unwrap());
        let cases = all(&found, "testcase");
        let names: Vec<_> = cases.iter().map(|case| &*case["name"]).collect();
        assert_eq!(
            names[..2],
            [
                "rain, features/weather.feature:3",
                "rain, features/mid/weather.feature:3"
            ]
        );
    }

    #[test]
    fn no_two_cases_have_the_same_name() {
        let mut rows = vec![passed(), passed()];
        rows[1].line = 8;
        let mut rounds = vec![failed(), failed()];
        rounds[0].repetition = Some(1);
        rounds[1].repetition = Some(2);
        let found = read(&junit(&run(rows.into_iter().chain(rounds).collect())).unwrap());
        let cases = all(&found, "testcase");
        let names: Vec<_> = cases.iter().map(|case| &*case["name"]).collect();
        assert_eq!(
            names,
            [
                "rain, line 3",
                "rain, line 8",
                "drought, round 1",
                "drought, round 2",
                "snow"
            ]
        );
    }
}
