//! What came of a run.

use std::{path::PathBuf, time::Duration};

use super::UndefinedStep;
use crate::{
    feature::NotApplicable,
    report::{AttemptReport, RunReport, RunVerdict, ScenarioClass, ScenarioReport, StepClass},
};

/// The result of one run, as data; reporters print it.
#[derive(Clone, Debug, Default)]
#[must_use = "a run that failed is only told here"]
#[non_exhaustive]
pub struct Outcome {
    /// Every scenario that was begun or should have been, in the order of running.
    pub scenarios: Vec<ScenarioOutcome>,
    /// Scenarios that were asked for and make no sense on this telescope.
    pub not_applicable: Vec<NotApplicable>,
    /// Lines that no step of the book matches.
    pub undefined: Vec<UndefinedStep>,
    /// How many scenarios were not begun, since one failed and the run was to end with it.
    pub not_begun: usize,
    /// What is wrong with feature files that were read all the same, a line each, with the place.
    pub warnings: Vec<String>,
    /// How long the run took, set-up and tear-down included.
    pub duration: Duration,
    /// Whether the run was asked to end before its end.
    pub stopped: bool,
    pub(crate) report: RunReport,
}

/// The result of one scenario.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ScenarioOutcome {
    /// Name of the feature.
    pub feature: String,
    /// Name of the scenario.
    pub scenario: String,
    /// The feature's file.
    pub file: PathBuf,
    /// The scenario's line (of an outline: the row of its Examples).
    pub line: usize,
    /// Which repetition it was, from 1; [`None`] if the suite was run once.
    pub repetition: Option<usize>,
    /// What came of its steps.
    pub verdict: ScenarioVerdict,
    /// What went wrong in putting the telescope back afterwards, if anything, after any of the
    /// attempts. Apart from `verdict`: a scenario can pass and leave the telescope in a bad state.
    pub tear_down: Option<String>,
    /// What was known to be wrong with the telescope before the last attempt.
    pub warned: Option<String>,
    /// How often it was tried; 1 if it was not tried again.
    pub attempts: usize,
    /// How long the last attempt took, tear-down included.
    pub duration: Duration,
}

/// What came of the steps of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScenarioVerdict {
    /// Every step passed, at the first attempt.
    Passed,
    /// It failed, was tried again, and passed: a defect of somebody, not a pass. Here is what failed
    /// before.
    Flaky {
        /// As of [`ScenarioVerdict::Failed`].
        step: String,
        /// The line's number.
        line: usize,
        /// The full account.
        message: String,
    },
    /// A step, or the set-up before the first one, failed.
    Failed {
        /// The line as in the file, `Then subarray 1 is in obsState READY`; of a set-up: `set-up`.
        step: String,
        /// The line's number.
        line: usize,
        /// The full account.
        message: String,
    },
    /// No step of the book matches this line.
    Undefined {
        /// The line as in the file.
        step: String,
        /// The line's number.
        line: usize,
    },
    /// Not begun, or ended in the middle, since the run was asked to end.
    Stopped,
}

impl Outcome {
    /// The answer to "is it good?".
    pub fn verdict(&self) -> RunVerdict {
        // Also what no scenario says: feature files that were left out.
        self.report.verdict
    }

    /// The whole account, as it is written to `report.json`.
    pub fn report(&self) -> &RunReport {
        &self.report
    }

    /// How many scenarios satisfy `wanted`.
    pub fn count(&self, wanted: impl Fn(&ScenarioOutcome) -> bool) -> usize {
        self.scenarios
            .iter()
            .filter(|scenario| wanted(scenario))
            .count()
    }
}

impl ScenarioOutcome {
    /// Whether every step passed at the first attempt.
    pub fn has_passed(&self) -> bool {
        self.verdict == ScenarioVerdict::Passed
    }

    /// Whether it passed only when it was tried again.
    pub fn is_flaky(&self) -> bool {
        matches!(self.verdict, ScenarioVerdict::Flaky { .. })
    }

    /// Whether a step or the set-up failed.
    pub fn has_failed(&self) -> bool {
        matches!(self.verdict, ScenarioVerdict::Failed { .. })
    }

    /// `file:line`, as terminals make it a link.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file.display(), self.line)
    }
}

impl From<&ScenarioReport> for ScenarioOutcome {
    fn from(report: &ScenarioReport) -> Self {
        let last = report.attempts.last();
        let seconds = last.map_or(0.0, |attempt| attempt.duration_seconds);
        Self {
            feature: report.feature.clone(),
            scenario: report.name.clone(),
            file: report.file.clone(),
            line: report.line,
            repetition: report.repetition,
            verdict: verdict(report),
            tear_down: report.tear_down(),
            warned: last.and_then(|attempt| attempt.warned.clone()),
            attempts: report.attempts.len(),
            duration: Duration::try_from_secs_f64(seconds).unwrap_or_default(),
        }
    }
}

fn verdict(report: &ScenarioReport) -> ScenarioVerdict {
    let mut attempts = report.attempts.iter().rev();
    let failed = attempts.find(|attempt| attempt.class() == ScenarioClass::Failed);
    let (step, line, message) =
        failed.map_or_else(Default::default, |attempt| failure(attempt, report.line));
    match report.verdict {
        ScenarioClass::Passed => ScenarioVerdict::Passed,
        ScenarioClass::Stopped => ScenarioVerdict::Stopped,
        ScenarioClass::Flaky => ScenarioVerdict::Flaky {
            step,
            line,
            message,
        },
        ScenarioClass::Failed => ScenarioVerdict::Failed {
            step,
            line,
            message,
        },
        ScenarioClass::Undefined => {
            let mut steps = report.attempts.iter().flat_map(|attempt| &attempt.steps);
            let step = steps.find(|step| step.verdict == StepClass::Undefined);
            ScenarioVerdict::Undefined {
                step: step.map_or_else(String::new, |step| step.as_written()),
                line: step.map_or(report.line, |step| step.line),
            }
        }
    }
}

/// What failed, where, and the account.
fn failure(attempt: &AttemptReport, line: usize) -> (String, usize, String) {
    if let Some(message) = &attempt.set_up {
        return ("set-up".to_owned(), line, message.clone());
    }
    match attempt.decisive_step() {
        Some(step) => (
            step.as_written(),
            step.line,
            step.message.clone().unwrap_or_default(),
        ),
        None => Default::default(),
    }
}
