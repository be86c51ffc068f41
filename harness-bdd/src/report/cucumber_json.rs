//! A report as Cucumber JSON, as Xray takes it.

use std::path::Path;

use serde::Serialize;

use super::{AttemptReport, RunReport, ScenarioClass, ScenarioReport, StepClass, StepReport};

/// Writes the report as Cucumber JSON: a list of features with their scenarios as elements.
///
/// Tags stand as in the file, with `@`, since Xray finds its tests by them; those of a feature stand at
/// the feature only. Of a scenario that was tried several times the last attempt counts (of those that
/// were not called off), and the output of its set-up tells of the others. Scenarios that make no sense here are left out.
///
/// # Errors
/// If the JSON can't be put together.
pub fn cucumber_json(report: &RunReport) -> serde_json::Result<String> {
    let mut features: Vec<Feature<'_>> = Vec::new();
    for scenario in &report.scenarios {
        let own = Feature::of(scenario);
        let same = |feature: &Feature<'_>| feature.is_same_as(&own);
        let index = features.iter().position(same).unwrap_or_else(|| {
            features.push(Feature::of(scenario));
            features.len() - 1
        });
        if let Some(feature) = features.get_mut(index) {
            let element = Element::of(scenario, &feature.id);
            feature.elements.push(element);
        }
    }
    serde_json::to_string_pretty(&features)
}

#[derive(Serialize)]
struct Feature<'a> {
    uri: &'a Path,
    id: String,
    keyword: &'static str,
    name: &'a str,
    description: &'static str,
    line: usize,
    tags: Vec<Tag<'a>>,
    elements: Vec<Element<'a>>,
}

#[derive(Serialize)]
struct Tag<'a> {
    name: &'a str,
    line: usize,
}

#[derive(Serialize)]
struct Element<'a> {
    id: String,
    keyword: &'static str,
    r#type: &'static str,
    name: &'a str,
    description: &'static str,
    line: usize,
    tags: Vec<Tag<'a>>,
    before: Vec<Hook<'a>>,
    steps: Vec<Step<'a>>,
    after: Vec<Hook<'a>>,
}

#[derive(Serialize)]
struct Hook<'a> {
    r#match: Match<'a>,
    result: Outcome<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    output: Vec<String>,
}

#[derive(Serialize)]
struct Step<'a> {
    keyword: String,
    name: &'a str,
    line: usize,
    r#match: Match<'a>,
    result: Outcome<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    doc_string: Option<DocString<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Match<'a> {
    location: &'a str,
}

#[derive(Serialize)]
struct Outcome<'a> {
    status: &'static str,
    /// In nanoseconds.
    duration: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<&'a str>,
}

#[derive(Serialize)]
struct DocString<'a> {
    value: &'a str,
    content_type: &'static str,
    line: usize,
}

#[derive(Serialize)]
struct Row<'a> {
    cells: &'a [String],
}

impl<'a> Feature<'a> {
    fn of(scenario: &'a ScenarioReport) -> Self {
        Self {
            uri: &scenario.file,
            id: id(&scenario.feature),
            keyword: "Feature",
            name: &scenario.feature,
            description: "",
            line: 1,
            tags: tags(&scenario.feature_tags, 1),
            elements: Vec::new(),
        }
    }

    /// A file may hold several features, each with tags of its own.
    fn is_same_as(&self, other: &Self) -> bool {
        let names = |tags: &[Tag<'a>]| tags.iter().map(|tag| tag.name).collect::<Vec<_>>();
        self.uri == other.uri && self.name == other.name && names(&self.tags) == names(&other.tags)
    }
}

impl<'a> Element<'a> {
    fn of(scenario: &'a ScenarioReport, feature: &str) -> Self {
        let last = scenario.decisive_attempt();
        Self {
            id: format!("{feature};{};{}", id(&scenario.name), scenario.line),
            keyword: "Scenario",
            r#type: "scenario",
            name: &scenario.name,
            description: "",
            line: scenario.line,
            tags: tags(&scenario.tags, scenario.line),
            before: last.map_or_else(Vec::new, |last| vec![set_up(scenario, last)]),
            steps: match last {
                Some(last) => last.steps.iter().map(Step::of).collect(),
                None => vec![Step::not_begun(scenario.line)],
            },
            after: last.and_then(tear_down).into_iter().collect(),
        }
    }
}

/// The set-up, and on its output what there is to be told of the scenario before the last attempt.
fn set_up<'a>(scenario: &ScenarioReport, last: &'a AttemptReport) -> Hook<'a> {
    let mut output = Vec::new();
    if let Some(round) = scenario.repetition {
        output.push(format!("round {round}"));
    }
    let count = scenario.attempts.len();
    for (number, attempt) in scenario.other_attempts() {
        if attempt.class() == ScenarioClass::Stopped {
            output.push(format!("attempt {number} of {count} was called off"));
            continue;
        }
        let failure = match (&attempt.set_up, attempt.decisive_step()) {
            (Some(message), _) => format!("set-up: {message}"),
            (None, Some(step)) => {
                let message = step.message.as_deref().unwrap_or_default();
                format!("{}: {message}", step.as_written())
            }
            (None, None) => String::new(),
        };
        output.push(format!("attempt {number} of {count} failed: {failure}"));
        if let Some(failure) = &attempt.tear_down {
            output.push(format!(
                "the tear-down after attempt {number} failed: {failure}"
            ));
        }
    }
    if scenario.verdict == ScenarioClass::Flaky {
        output.push(format!("flaky: passed at attempt {count}"));
    }
    output.extend(last.warned.clone());
    let first_step = last.steps.iter().find_map(|step| step.at_seconds);
    Hook {
        r#match: Match { location: "set-up" },
        result: Outcome {
            status: match last.set_up {
                Some(_) => "failed",
                None => "passed",
            },
            duration: nanoseconds(first_step.unwrap_or(last.at_seconds) - last.at_seconds),
            error_message: last.set_up.as_deref(),
        },
        output,
    }
}

fn tear_down(attempt: &AttemptReport) -> Option<Hook<'_>> {
    let begun = attempt.tear_down_at_seconds?;
    Some(Hook {
        r#match: Match {
            location: "tear-down",
        },
        result: Outcome {
            status: match attempt.tear_down {
                Some(_) => "failed",
                None => "passed",
            },
            duration: nanoseconds(attempt.at_seconds + attempt.duration_seconds - begun),
            error_message: attempt.tear_down.as_deref(),
        },
        output: Vec::new(),
    })
}

impl<'a> Step<'a> {
    /// What stands for the steps of a scenario that was not begun: one without steps that are not
    /// passed is taken for passed.
    fn not_begun(line: usize) -> Self {
        Self {
            keyword: "Given ".to_owned(),
            name: "(not begun: the run was asked to end)",
            line,
            r#match: Match { location: "" },
            result: Outcome {
                status: "skipped",
                duration: 0,
                error_message: None,
            },
            doc_string: None,
            rows: Vec::new(),
        }
    }

    fn of(step: &'a StepReport) -> Self {
        let rows = step.table.iter().flatten();
        Self {
            // With the space behind it, as cucumber writes it.
            keyword: format!("{} ", step.keyword),
            name: &step.text,
            line: step.line,
            r#match: Match {
                location: step.defined_at.as_deref().unwrap_or_default(),
            },
            result: Outcome {
                status: match step.verdict {
                    StepClass::Passed => "passed",
                    StepClass::Failed => "failed",
                    StepClass::Undefined => "undefined",
                    StepClass::Skipped | StepClass::Stopped => "skipped",
                },
                duration: nanoseconds(step.duration_seconds),
                error_message: step.message.as_deref(),
            },
            doc_string: step.doc_string.as_deref().map(|value| DocString {
                value,
                content_type: "",
                line: step.line + 1,
            }),
            rows: rows.map(|cells| Row { cells }).collect(),
        }
    }
}

fn tags(tags: &[String], line: usize) -> Vec<Tag<'_>> {
    tags.iter().map(|name| Tag { name, line }).collect()
}

/// A name as cucumber makes it part of an id: in lower case, with hyphens for spaces.
fn id(name: &str) -> String {
    name.to_lowercase().replace(char::is_whitespace, "-")
}

fn nanoseconds(seconds: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "not below zero, and 64 bits hold 584 years"
    )]
    let whole = (seconds.max(0.0) * 1e9).round() as u64;
    whole
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{super::sample::*, *};

    fn written(scenarios: Vec<ScenarioReport>) -> Value {
        serde_json::from_str(&cucumber_json(&run(scenarios)).unwrap()).unwrap()
    }

    #[test]
    fn tags_stand_as_in_the_file_and_times_are_nanoseconds() {
        let json = written(vec![passed(), failed()]);
        assert_eq!(json.as_array().unwrap().len(), 1);
        assert_eq!(json[0]["uri"], "features/weather.feature");
        assert_eq!(json[0]["tags"], json!([{"name": "@SP-1", "line": 1}]));
        let element = &json[0]["elements"][1];
        assert_eq!(element["tags"][0]["name"], "@XTP-12");
        assert_eq!(element["tags"][1]["name"], "@stations(ci-1)");
        assert_eq!(element["type"], "scenario");
        assert_eq!(element["id"], "weather;drought;3");
        let step = &element["steps"][1];
        assert_eq!(step["keyword"], "When ");
        assert_eq!(step["result"]["status"], "failed");
        assert_eq!(step["result"]["duration"], 250_000_000);
        assert_eq!(
            step["result"]["error_message"],
            "it is <dry> & hot\ncaused by: the sun"
        );
    }

    #[test]
    fn the_last_attempt_counts_and_the_others_are_told() {
        let json = written(vec![flaky()]);
        let element = &json[0]["elements"][0];
        assert_eq!(element["steps"][1]["result"]["status"], "passed");
        let output = element["before"][0]["output"].to_string();
        assert!(
            output.contains("attempt 1 of 2 failed: When it rains"),
            "{output}"
        );
        assert!(output.contains("flaky"), "{output}");
    }

    #[test]
    fn features_of_one_file_keep_their_own_tags() {
        let mut other = passed();
        other.feature = "Climate".into();
        other.feature_tags = vec!["@SP-2".into()];
        let json = written(vec![passed(), other, passed()]);
        assert_eq!(json.as_array().unwrap().len(), 2);
        assert_eq!(json[0]["elements"].as_array().unwrap().len(), 2);
        assert_eq!(json[1]["name"], "Climate");
        assert_eq!(json[1]["tags"][0]["name"], "@SP-2");
    }

    #[test]
    fn what_was_not_begun_is_not_taken_for_passed() {
        let json = written(vec![scenario("fog", ScenarioClass::Stopped, &[])]);
        let steps = &json[0]["elements"][0]["steps"];
        assert_eq!(steps[0]["result"]["status"], "skipped");
    }

    #[test]
    fn a_failure_is_not_forgotten_when_the_next_attempt_is_called_off() {
        let steps = [StepClass::Failed, StepClass::Stopped];
        let json = written(vec![scenario("fog", ScenarioClass::Failed, &steps)]);
        let element = &json[0]["elements"][0];
        assert_eq!(element["steps"][1]["result"]["status"], "failed");
        let output = element["before"][0]["output"].to_string();
        assert!(output.contains("attempt 2 of 2 was called off"), "{output}");
    }

    #[test]
    fn a_failed_tear_down_is_in_the_hook_after_the_scenario() {
        let mut scenario = passed();
        scenario.attempts[0].tear_down = Some("still SCANNING".into());
        let json = written(vec![scenario]);
        let after = &json[0]["elements"][0]["after"][0]["result"];
        assert_eq!(after["status"], "failed");
        assert_eq!(after["error_message"], "still SCANNING");
    }

    #[test]
    fn tables_and_doc_strings_are_embedded() {
        let mut scenario = passed();
        let step = &mut scenario.attempts[0].steps[0];
        step.table = Some(vec![vec!["a".into(), "1".into()]]);
        step.doc_string = Some("{}".into());
        let json = written(vec![scenario]);
        let step = &json[0]["elements"][0]["steps"][0];
        assert_eq!(step["rows"], json!([{"cells": ["a", "1"]}]));
        assert_eq!(step["doc_string"]["value"], "{}");
    }
}
