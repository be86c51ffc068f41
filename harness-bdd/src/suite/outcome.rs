//! What came of a run.

use std::{path::PathBuf, time::Duration};

use crate::{
    Keyword,
    feature::{FeatureWarning, NotApplicable},
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
    /// What the feature files have that standard Gherkin has not.
    pub warnings: Vec<FeatureWarning>,
    /// How long the run took, set-up and tear-down included.
    pub duration: Duration,
    /// Whether the run was asked to end before its end.
    pub stopped: bool,
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
    /// What came of its steps.
    pub verdict: ScenarioVerdict,
    /// What went wrong in putting the telescope back afterwards, if anything. Apart from `verdict`:
    /// a scenario can pass and leave the telescope in a bad state.
    pub tear_down: Option<String>,
    /// How often it was run (`@retry`); 1 if it was not repeated.
    pub attempts: usize,
    /// How long the last attempt took, tear-down included.
    pub duration: Duration,
}

/// What came of the steps of a scenario.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ScenarioVerdict {
    /// Every step passed.
    Passed,
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

/// A line of a feature file that no step of the book matches.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct UndefinedStep {
    /// Given, When or Then.
    pub keyword: Keyword,
    /// The line without its keyword.
    pub text: String,
    /// Its file.
    pub file: PathBuf,
    /// Its line.
    pub line: usize,
    /// The text of the step in the book that is most like it, if any is.
    pub nearest: Option<String>,
}

/// The answer to "is it good?", one of five classes. A run that tested nothing is not good.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// At least one scenario was run, and all passed, tear-down included.
    Passed,
    /// A scenario or a tear-down failed.
    Failed,
    /// Some lines match no step; all else passed.
    Undefined,
    /// There was no scenario to run.
    NothingRan,
    /// The run was asked to end before its end.
    Stopped,
}

impl Outcome {
    /// The answer to "is it good?".
    pub fn verdict(&self) -> Verdict {
        let any = |wanted: fn(&ScenarioOutcome) -> bool| self.scenarios.iter().any(wanted);
        if self.stopped {
            Verdict::Stopped
        } else if any(|scenario| scenario.tear_down.is_some() || scenario.has_failed()) {
            Verdict::Failed
        } else if any(|scenario| matches!(scenario.verdict, ScenarioVerdict::Undefined { .. })) {
            Verdict::Undefined
        } else if any(ScenarioOutcome::has_passed) {
            Verdict::Passed
        } else {
            Verdict::NothingRan
        }
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
    /// Whether every step passed.
    pub fn has_passed(&self) -> bool {
        self.verdict == ScenarioVerdict::Passed
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

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(verdicts: impl IntoIterator<Item = ScenarioVerdict>) -> Outcome {
        let scenarios = verdicts.into_iter().map(|verdict| ScenarioOutcome {
            feature: "f".into(),
            scenario: "s".into(),
            file: "f.feature".into(),
            line: 1,
            verdict,
            tear_down: None,
            attempts: 1,
            duration: Duration::ZERO,
        });
        Outcome {
            scenarios: scenarios.collect(),
            ..Outcome::default()
        }
    }

    fn failed() -> ScenarioVerdict {
        ScenarioVerdict::Failed {
            step: "When x".into(),
            line: 3,
            message: "no".into(),
        }
    }

    fn undefined() -> ScenarioVerdict {
        ScenarioVerdict::Undefined {
            step: "When x".into(),
            line: 3,
        }
    }

    #[test]
    fn the_worst_class_decides() {
        use ScenarioVerdict::Passed;
        assert_eq!(outcome([]).verdict(), Verdict::NothingRan);
        assert_eq!(outcome([Passed]).verdict(), Verdict::Passed);
        assert_eq!(outcome([Passed, undefined()]).verdict(), Verdict::Undefined);
        assert_eq!(
            outcome([Passed, undefined(), failed()]).verdict(),
            Verdict::Failed
        );
    }

    #[test]
    fn a_failing_tear_down_fails_a_run_whose_scenarios_passed() {
        let mut outcome = outcome([ScenarioVerdict::Passed]);
        outcome.scenarios[0].tear_down = Some("still SCANNING".into());
        assert_eq!(outcome.verdict(), Verdict::Failed);
    }

    #[test]
    fn a_run_that_was_stopped_has_no_other_verdict() {
        let mut outcome = outcome([ScenarioVerdict::Passed, failed()]);
        outcome.stopped = true;
        assert_eq!(outcome.verdict(), Verdict::Stopped);
    }
}
