//! One scenario after the other, each until it passes or was tried often enough.

use cucumber::World;

use super::{ScenarioOutcome, attempt::Attempts, case::Case, retries::Retries};
use crate::report::{AttemptReport, Notice, ScenarioClass, ScenarioReport};

/// How the cases of a run are gone through.
pub(super) struct Run<'a, W> {
    pub(super) attempts: Attempts<'a, W>,
    pub(super) retries: usize,
    pub(super) fail_fast: bool,
    /// What is wrong with the telescope since a tear-down failed, for the scenario after it.
    pub(super) warning: Option<String>,
}

impl<W: World> Run<'_, W> {
    /// Runs the cases up to the end, the first failure if that was asked for, or a stop; after a
    /// stop the rest is reported as not begun.
    pub(super) async fn all(&mut self, cases: &[Case]) -> Vec<ScenarioReport> {
        let mut reports = Vec::new();
        let mut before: Option<&Case> = None;
        for (index, case) in cases.iter().enumerate() {
            if self.attempts.stop.is_requested() {
                reports.push(case.report());
                continue;
            }
            if before.is_none_or(|before| !case.shares_feature_with(before)) {
                self.attempts.reporters.report(Notice::FeatureStarted {
                    name: case.feature(),
                    file: case.file(),
                });
            }
            before = Some(case);
            let report = self.scenario(case, index + 1).await;
            let bad = report.verdict == ScenarioClass::Failed || report.tear_down().is_some();
            reports.push(report);
            if bad && self.fail_fast {
                break;
            }
        }
        reports
    }

    async fn scenario(&mut self, case: &Case, number: usize) -> ScenarioReport {
        let retries = Retries::of(case, self.retries);
        let mut report = case.report();
        loop {
            let first = self.attempts.clock.next_sequence();
            let attempt = report.attempts.len() + 1;
            self.attempts.reporters.report(Notice::ScenarioStarted {
                name: &report.name,
                number,
                attempt,
            });
            let attempt = self.attempts.attempt(case, self.warning.take()).await;
            self.warning = attempt.tear_down.as_ref().map(|failure| {
                let place = format!("{}:{}", case.file().display(), case.line());
                format!(
                    "the tear-down after `{}` ({place}) failed: {failure}",
                    report.name
                )
            });
            report.attempts.push(attempt);
            report.verdict = class(&report.attempts);
            let again = report.verdict == ScenarioClass::Failed
                && report.attempts.len() <= retries.times
                && !self.attempts.stop.is_requested();
            let outcome = ScenarioOutcome::from(&report);
            self.attempts.reporters.report(if again {
                Notice::TryingAgain(&outcome)
            } else {
                Notice::ScenarioEnded(&outcome)
            });
            if let Some(attempt) = report.attempts.last_mut() {
                attempt.journal = first.zip(self.attempts.clock.next_sequence());
            }
            if !again {
                return report;
            }
            tokio::select! {
                biased;
                () = self.attempts.stop.requested() => {
                    self.attempts.reporters.report(Notice::ScenarioEnded(&outcome));
                    return report;
                }
                () = tokio::time::sleep(retries.after) => {}
            }
        }
    }
}

/// What the attempts at a scenario come to.
fn class(attempts: &[AttemptReport]) -> ScenarioClass {
    let last = attempts
        .last()
        .map_or(ScenarioClass::Stopped, AttemptReport::class);
    match last {
        ScenarioClass::Passed if attempts.len() > 1 => ScenarioClass::Flaky,
        // A second attempt that was called off takes nothing from the failure of the first.
        ScenarioClass::Stopped if attempts.len() > 1 => ScenarioClass::Failed,
        class => class,
    }
}
