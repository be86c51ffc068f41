//! One attempt at a scenario: a new World, the set-up, the steps, the tear-down.
//!
//! The steps are run here and not by cucumber's own runner. That one reports a failed step only
//! after the tear-down, runs what is retried beside or behind other scenarios, and silences the
//! panics of the whole process while it runs.

use std::{any::Any, panic::AssertUnwindSafe};

use cucumber::{World, gherkin::Step, step::Collection};
use futures_util::FutureExt as _;
use tokio::time::Instant;

use super::{case::Case, clock::Clock, hooks::Hooks, reporters::Reporters, timelines::Timelines};
use crate::{
    BoxError, Stop,
    report::{AttemptReport, Notice, StepClass, StepReport},
    step::{STOPPED, bounded, bounded_set_up},
};

/// What a step that nothing matches says.
pub(super) const UNDEFINED: &str = "no step of the book matches this line";

/// What every attempt of a run shares.
pub(super) struct Attempts<'a, W> {
    pub(super) steps: &'a Collection<W>,
    pub(super) hooks: &'a Hooks<W>,
    pub(super) reporters: &'a Reporters,
    pub(super) clock: &'a Clock,
    pub(super) stop: &'a Stop,
    pub(super) timelines: &'a Timelines,
}

impl<W: World> Attempts<'_, W> {
    /// Runs the scenario once. Nothing is torn down if the future is dropped.
    pub(super) async fn attempt(&self, case: &Case, warned: Option<String>) -> AttemptReport {
        let begun = Instant::now();
        self.timelines.begin();
        let mut report = AttemptReport {
            at_seconds: self.clock.seconds(),
            warned,
            steps: case.steps().map(|step| self.not_reached(step)).collect(),
            ..AttemptReport::default()
        };
        match caught(async { W::new().await.map_err(|error| error.to_string()) }).await {
            Err(message) => report.set_up = Some(format!("no World for the scenario: {message}")),
            Ok(mut world) => {
                match self.set_up(&mut world, &case.scenario.name).await {
                    Err(message) if message == STOPPED => {
                        if let Some(first) = report.steps.first_mut() {
                            first.verdict = StepClass::Stopped;
                        }
                    }
                    Err(message) => report.set_up = Some(message),
                    Ok(()) => self.steps(case, &mut world, &mut report.steps).await,
                }
                report.tear_down_at_seconds = Some(self.clock.seconds());
                self.reporters.report(Notice::TearDownStarted);
                report.tear_down = self.hooks.tear_down(&mut world).await.err();
            }
        }
        report.duration_seconds = begun.elapsed().as_secs_f64();
        report.timeline = self.timelines.end();
        report
    }

    async fn set_up(&self, world: &mut W, scenario: &str) -> Result<(), String> {
        let done = caught(self.hooks.set_up(world, scenario));
        bounded_set_up(async { done.await.map_err(BoxError::from) }).await
    }

    /// Runs the steps up to the first that does not pass; what no line has asked about is the last one's.
    async fn steps(&self, case: &Case, world: &mut W, reports: &mut [StepReport]) {
        for (step, report) in case.steps().zip(reports.iter_mut()) {
            let begun = Instant::now();
            self.timelines.observe();
            report.at_seconds = Some(self.clock.seconds());
            let text = line(step);
            tracing::debug!(target: "harness", step = %text, "the step begins");
            self.reporters.report(Notice::StepStarted { text: &text });
            let (verdict, message) = self.step(step, world).await;
            report.duration_seconds = begun.elapsed().as_secs_f64();
            report.verdict = verdict;
            report.message = message;
            if verdict != StepClass::Passed {
                return;
            }
        }
        let finished = caught(self.hooks.finish(world)).await;
        if let (Err(message), Some(last)) = (finished, reports.last_mut()) {
            last.verdict = StepClass::Failed;
            last.message = Some(message);
        }
    }

    async fn step(&self, step: &Step, world: &mut W) -> (StepClass, Option<String>) {
        let (run, context) = match self.steps.find(step) {
            Ok(Some((run, _, _, context))) => (run, context),
            Ok(None) => return (StepClass::Undefined, Some(UNDEFINED.to_owned())),
            Err(error) => {
                let message = format!("several steps match this line\n{error}");
                return (StepClass::Failed, Some(message));
            }
        };
        // Also around a step that knows no limits, as those of cucumber's attributes.
        let done = caught(async {
            run(world, context).await;
            Ok(())
        });
        match bounded(async { done.await.map_err(BoxError::from) }).await {
            Ok(()) => (StepClass::Passed, None),
            Err(message) if message == STOPPED => (StepClass::Stopped, None),
            Err(message) => (StepClass::Failed, Some(message)),
        }
    }

    fn not_reached(&self, step: &Step) -> StepReport {
        let found = self.steps.find(step).ok().flatten();
        StepReport {
            keyword: step.keyword.trim().to_owned(),
            text: step.value.clone(),
            line: step.position.line,
            defined_at: found
                .and_then(|(_, _, place, _)| place)
                .map(|place| format!("{}:{}", place.path, place.line)),
            doc_string: step.docstring.clone(),
            table: step.table.as_ref().map(|table| table.rows.clone()),
            verdict: StepClass::Skipped,
            at_seconds: None,
            duration_seconds: 0.0,
            message: None,
        }
    }
}

/// The line as in the file.
fn line(step: &Step) -> String {
    format!("{} {}", step.keyword.trim(), step.value)
}

/// Ends a panic of the future where it began. A step can fail in no other way, as cucumber's steps
/// return nothing.
pub(super) async fn caught<T>(
    future: impl Future<Output = Result<T, String>>,
) -> Result<T, String> {
    // What a panic leaves half done is the World, which sees the tear-down and nothing else.
    let done = AssertUnwindSafe(future).catch_unwind().await;
    done.unwrap_or_else(|payload| Err(payload_text(payload.as_ref())))
}

/// What a panic said. Our own steps always fail with a text; a user's `assert!` does so too.
fn payload_text(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("it panicked without saying why")
        .to_owned()
}
