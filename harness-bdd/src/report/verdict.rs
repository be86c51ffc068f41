//! What a report comes to: of steps to attempts, to scenarios, to the run.

use std::fmt;

use super::{
    AttemptReport, NotApplicableReport, RunVerdict, ScenarioClass, ScenarioReport, StepClass,
    StepReport,
};
use crate::feature::NotApplicable;

impl RunVerdict {
    /// What these scenarios come to. The worst class decides, and that a run was called off counts
    /// for more than what it found until then.
    pub fn of(scenarios: &[ScenarioReport], stopped: bool) -> Self {
        let classes = scenarios.iter().map(|scenario| match scenario.verdict {
            ScenarioClass::Stopped => Self::Stopped,
            _ if scenario.tear_down().is_some() => Self::Failed,
            ScenarioClass::Passed => Self::Passed,
            ScenarioClass::Flaky => Self::Flaky,
            ScenarioClass::Failed => Self::Failed,
            ScenarioClass::Undefined => Self::Undefined,
        });
        let stopped = stopped.then_some(Self::Stopped);
        classes.chain(stopped).fold(Self::NothingRan, Self::worse)
    }

    /// The worse one of two.
    #[must_use]
    pub fn worse(self, other: Self) -> Self {
        let badness = |verdict| match verdict {
            Self::NothingRan => 0,
            Self::Passed => 1,
            Self::Flaky => 2,
            Self::Undefined => 3,
            Self::Failed => 4,
            Self::Stopped => 5,
        };
        if badness(other) > badness(self) {
            other
        } else {
            self
        }
    }
}

impl fmt::Display for RunVerdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Passed => "passed",
            Self::Flaky => "flaky",
            Self::Failed => "failed",
            Self::Undefined => "undefined",
            Self::NothingRan => "nothing ran",
            Self::Stopped => "stopped",
        })
    }
}

impl ScenarioReport {
    /// `file:line`, as terminals make it a link.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file.display(), self.line)
    }

    /// The attempt that says what came of it: the last one, but for one that was called off after
    /// another had failed. [`None`] if it was not begun.
    pub fn decisive_attempt(&self) -> Option<&AttemptReport> {
        let mut attempts = self.attempts.iter().rev();
        let decisive = attempts.find(|attempt| attempt.class() != ScenarioClass::Stopped);
        decisive.or(self.attempts.last())
    }

    /// The attempts beside the [decisive](Self::decisive_attempt) one, each with its number, from 1.
    pub fn other_attempts(&self) -> impl Iterator<Item = (usize, &AttemptReport)> {
        let decisive = self.decisive_attempt();
        let all = (1..).zip(&self.attempts);
        all.filter(move |(_, attempt)| !decisive.is_some_and(|one| std::ptr::eq(one, *attempt)))
    }

    /// What went wrong in the tear-downs of all attempts, if anything.
    pub fn tear_down(&self) -> Option<String> {
        let failures = self
            .attempts
            .iter()
            .zip(1..)
            .filter_map(|(attempt, number)| {
                let failure = attempt.tear_down.as_ref()?;
                Some(if self.attempts.len() > 1 {
                    format!("after attempt {number}: {failure}")
                } else {
                    failure.clone()
                })
            });
        failures.reduce(|all, failure| format!("{all}\n{failure}"))
    }
}

impl AttemptReport {
    /// What came of the set-up and the steps; [`ScenarioClass::Flaky`] never.
    pub fn class(&self) -> ScenarioClass {
        if self.set_up.is_some() {
            return ScenarioClass::Failed;
        }
        match self.decisive_step().map(|step| step.verdict) {
            None => ScenarioClass::Passed,
            Some(StepClass::Failed) => ScenarioClass::Failed,
            Some(StepClass::Undefined) => ScenarioClass::Undefined,
            Some(_) => ScenarioClass::Stopped,
        }
    }

    /// The first step that did not pass.
    pub fn decisive_step(&self) -> Option<&StepReport> {
        let mut steps = self.steps.iter();
        steps.find(|step| step.verdict != StepClass::Passed)
    }
}

impl StepReport {
    /// The line as in the file: `Given subarray 1 is in obsState IDLE`.
    pub fn as_written(&self) -> String {
        format!("{} {}", self.keyword, self.text)
    }
}

impl From<&NotApplicable> for NotApplicableReport {
    fn from(one: &NotApplicable) -> Self {
        Self {
            name: one.scenario.clone(),
            file: one.file.clone(),
            line: one.line,
            reason: one.reason.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::sample::*, *};

    #[test]
    fn the_worst_class_decides() {
        let of = |scenarios: &[ScenarioReport]| RunVerdict::of(scenarios, false);
        assert_eq!(of(&[]), RunVerdict::NothingRan);
        assert_eq!(of(&[passed()]), RunVerdict::Passed);
        assert_eq!(of(&[passed(), flaky()]), RunVerdict::Flaky);
        assert_eq!(of(&[flaky(), undefined()]), RunVerdict::Undefined);
        assert_eq!(of(&[undefined(), failed(), passed()]), RunVerdict::Failed);
    }

    #[test]
    fn a_failing_tear_down_fails_a_run_whose_scenarios_passed() {
        let mut scenario = passed();
        scenario.attempts[0].tear_down = Some("still SCANNING".into());
        assert_eq!(RunVerdict::of(&[scenario], false), RunVerdict::Failed);
    }

    #[test]
    fn a_run_that_was_stopped_has_no_other_verdict() {
        assert_eq!(
            RunVerdict::of(&[passed(), failed()], true),
            RunVerdict::Stopped
        );
    }

    #[test]
    fn an_attempt_that_was_called_off_decides_nothing_after_one_that_failed() {
        let mut scenario = failed();
        scenario.attempts.push(attempt(StepClass::Stopped));
        let decisive = scenario.decisive_attempt().unwrap();
        assert_eq!(decisive.class(), ScenarioClass::Failed);
        let others: Vec<_> = scenario
            .other_attempts()
            .map(|(number, _)| number)
            .collect();
        assert_eq!(others, [2]);
    }

    #[test]
    fn the_tear_downs_of_all_attempts_are_told() {
        let mut scenario = flaky();
        scenario.attempts[0].tear_down = Some("stuck".into());
        assert_eq!(
            scenario.tear_down().as_deref(),
            Some("after attempt 1: stuck")
        );
    }
}
