//! What came of a run, as data that is written, merged and drawn: `report.json`.
//!
//! Every report file (JUnit, cucumber JSON, the page) is made from this alone, so that the reports of
//! shards can be merged and then written in any form.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::timeline::Timeline;

/// The version of the schema; see [`RunReport::schema`].
pub const REPORT_SCHEMA: u32 = 1;

/// One run of a suite, or several that were merged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RunReport {
    /// The version of what is written here: [`REPORT_SCHEMA`]. Raised when a field goes or changes
    /// its meaning; fields may come without it.
    pub schema: u32,
    /// The version of the harness that made it.
    pub harness: String,
    /// The telescope's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telescope: Option<String>,
    /// When the run began by the wall clock: RFC 3339, UTC.
    pub started: String,
    /// How long it took, set-up and tear-down included.
    pub duration_seconds: f64,
    /// Which parts of a suite are here: `2/4` is the second of four shards. Empty for a whole suite.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shards: Vec<String>,
    /// The answer to "is it good?".
    pub verdict: RunVerdict,
    /// Every scenario that was begun or should have been, in the order of running.
    pub scenarios: Vec<ScenarioReport>,
    /// Scenarios that were asked for and make no sense on this telescope.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_applicable: Vec<NotApplicableReport>,
    /// Feature files that can't be read and were left out, each with its place and the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused: Vec<String>,
    /// What is wrong with feature files that were read all the same, a line each, with the place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// The classes of a run, as in [`Verdict`](crate::suite::Verdict), and `flaky` for one that passed only
/// since scenarios were tried again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunVerdict {
    /// At least one scenario was run, and all passed at once.
    Passed,
    /// All passed in the end, some of them only when tried again.
    Flaky,
    /// A scenario or a tear-down failed.
    Failed,
    /// Some lines match no step; all else passed.
    Undefined,
    /// There was no scenario to run.
    #[default]
    NothingRan,
    /// The run was asked to end before its end.
    Stopped,
}

/// One scenario, or one row of an outline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ScenarioReport {
    /// Name of the feature.
    pub feature: String,
    /// Tags of the feature, exactly as written, with `@`.
    #[serde(default)]
    pub feature_tags: Vec<String>,
    /// Name of the rule, if it stands in one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Name of the scenario.
    pub name: String,
    /// The feature's file.
    pub file: PathBuf,
    /// The scenario's line (of an outline: the row of its Examples).
    pub line: usize,
    /// Which repetition it was, from 1; [`None`] if the suite was run once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repetition: Option<usize>,
    /// Tags of the scenario, its rule and its Examples, exactly as written, with `@`.
    pub tags: Vec<String>,
    /// What came of it, all attempts taken together.
    pub verdict: ScenarioClass,
    /// Each time that it was tried; more than one only with `--retry`. Empty if it was not begun.
    pub attempts: Vec<AttemptReport>,
}

/// What came of a scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScenarioClass {
    /// Every step passed, at the first attempt.
    Passed,
    /// It failed and then passed when it was tried again: a defect of somebody, not a pass.
    Flaky,
    /// A step, or the set-up, failed at the last attempt.
    Failed,
    /// No step of the book matches a line of it.
    Undefined,
    /// Not begun, or ended in the middle, since the run was asked to end.
    Stopped,
}

/// One attempt at a scenario.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct AttemptReport {
    /// When it began, in seconds after the journal was started: the same clock as `at_seconds` there.
    pub at_seconds: f64,
    /// How long it took, tear-down included.
    pub duration_seconds: f64,
    /// What went wrong before the first step, if anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_up: Option<String>,
    /// What was known to be wrong with the telescope before it began: the tear-down of an earlier
    /// scenario failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub warned: Option<String>,
    /// The steps of the background and of the scenario, also those that were not reached.
    pub steps: Vec<StepReport>,
    /// What went wrong in putting the telescope back, if anything. Apart from the steps: a scenario
    /// can pass and leave the telescope in a bad state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tear_down: Option<String>,
    /// When the tear-down began, on the clock of `at_seconds`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tear_down_at_seconds: Option<f64>,
    /// The entries of the journal that belong to it: from the first to before the second `sequence`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub journal: Option<(u64, u64)>,
    /// What every device did meanwhile, if it was collected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeline: Option<Timeline>,
}

/// One line of a scenario.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepReport {
    /// The keyword as written: `Given`, `And`.
    pub keyword: String,
    /// The line without its keyword.
    pub text: String,
    /// Its line in the file.
    pub line: usize,
    /// Where in the source the step is defined, `file:line`, if one matched.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub defined_at: Option<String>,
    /// The doc string under the line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc_string: Option<String>,
    /// The data table under the line, row by row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<Vec<Vec<String>>>,
    /// What came of it.
    pub verdict: StepClass,
    /// When it began, on the clock of the attempt; [`None`] if it was not reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_seconds: Option<f64>,
    /// How long it took.
    #[serde(default)]
    pub duration_seconds: f64,
    /// The full account of a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
}

/// What came of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepClass {
    /// It passed.
    Passed,
    /// It failed.
    Failed,
    /// No step of the book matches it.
    Undefined,
    /// Not reached, as an earlier one did not pass.
    Skipped,
    /// Ended in the middle, since the run was asked to end.
    Stopped,
}

/// A scenario that was asked for and makes no sense here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotApplicableReport {
    /// The scenario's name.
    pub name: String,
    /// Its file.
    pub file: PathBuf,
    /// Its line.
    pub line: usize,
    /// Why it was left out.
    pub reason: String,
}
