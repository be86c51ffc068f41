//! Reports for the tests of what is made of them.

use super::{
    AttemptReport, NotApplicableReport, REPORT_SCHEMA, RunReport, RunVerdict, ScenarioClass,
    ScenarioReport, StepClass, StepReport,
};

pub(super) fn step(text: &str, verdict: StepClass) -> StepReport {
    StepReport {
        keyword: "When".into(),
        text: text.into(),
        line: 4,
        defined_at: Some("books/weather.rs:7".into()),
        doc_string: None,
        table: None,
        verdict,
        at_seconds: Some(1.5),
        duration_seconds: 0.25,
        message: match verdict {
            StepClass::Failed => Some("it is <dry> & hot\ncaused by: the sun".into()),
            StepClass::Undefined => Some("no step of the book matches this line".into()),
            _ => None,
        },
    }
}

pub(super) fn attempt(verdict: StepClass) -> AttemptReport {
    AttemptReport {
        at_seconds: 1.0,
        duration_seconds: 0.5,
        steps: vec![
            step("clouds come", StepClass::Passed),
            step("it rains", verdict),
        ],
        tear_down_at_seconds: Some(1.75),
        ..AttemptReport::default()
    }
}

pub(super) fn scenario(name: &str, verdict: ScenarioClass, steps: &[StepClass]) -> ScenarioReport {
    ScenarioReport {
        feature: "Weather".into(),
        feature_tags: vec!["@SP-1".into()],
        rule: None,
        name: name.into(),
        file: "features/weather.feature".into(),
        line: 3,
        repetition: None,
        tags: vec!["@XTP-12".into(), "@stations(ci-1)".into()],
        verdict,
        attempts: steps.iter().copied().map(attempt).collect(),
    }
}

pub(super) fn passed() -> ScenarioReport {
    scenario("rain", ScenarioClass::Passed, &[StepClass::Passed])
}

pub(super) fn failed() -> ScenarioReport {
    scenario("drought", ScenarioClass::Failed, &[StepClass::Failed])
}

pub(super) fn flaky() -> ScenarioReport {
    let steps = [StepClass::Failed, StepClass::Passed];
    scenario("showers", ScenarioClass::Flaky, &steps)
}

pub(super) fn undefined() -> ScenarioReport {
    scenario("hail", ScenarioClass::Undefined, &[StepClass::Undefined])
}

pub(super) fn run(scenarios: Vec<ScenarioReport>) -> RunReport {
    RunReport {
        schema: REPORT_SCHEMA,
        harness: "0.1.0".into(),
        telescope: Some("Low".into()),
        started: "2026-02-03T04:05:06.000Z".into(),
        duration_seconds: 12.5,
        shards: Vec::new(),
        verdict: RunVerdict::of(&scenarios, false),
        scenarios,
        not_applicable: vec![NotApplicableReport {
            name: "snow".into(),
            file: "features/winter.feature".into(),
            line: 9,
            reason: "it is summer".into(),
        }],
        refused: Vec::new(),
        warnings: Vec::new(),
    }
}
