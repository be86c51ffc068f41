//! From cucumber's stream of events to the outcome of each scenario.

use std::{any::Any, cell::RefCell, rc::Rc};

use cucumber::{
    Event,
    event::{self, Cucumber, Hook, HookType, RetryableScenario, Rule, StepError},
    gherkin::{Feature, Scenario, Step},
    parser,
};
use tokio::time::Instant;

use super::{ScenarioOutcome, ScenarioVerdict};
use crate::{
    report::{Notice, Reporter},
    step::STOPPED,
};

/// The reporters of a run. Shared, as the tear-down tells of itself while cucumber is silent.
#[derive(Clone, Default)]
pub(super) struct Reporters(Rc<RefCell<Vec<Box<dyn Reporter>>>>);

impl Reporters {
    pub(super) fn add(&self, reporter: Box<dyn Reporter>) {
        self.0.borrow_mut().push(reporter);
    }

    pub(super) fn report(&self, notice: Notice<'_>) {
        for reporter in self.0.borrow_mut().iter_mut() {
            reporter.report(notice);
        }
    }
}

/// Keeps what came of every scenario, and tells the reporters.
pub(super) struct Recorder {
    reporters: Reporters,
    scenarios: Vec<ScenarioOutcome>,
    /// The scenario that is running: one at a time.
    current: Option<(Instant, ScenarioVerdict, Option<String>)>,
}

impl Recorder {
    pub(super) fn new(reporters: Reporters) -> Self {
        Self {
            reporters,
            scenarios: Vec::new(),
            current: None,
        }
    }

    pub(super) fn scenarios(&self) -> &[ScenarioOutcome] {
        &self.scenarios
    }

    pub(super) fn record<W>(&mut self, event: &parser::Result<Event<Cucumber<W>>>) {
        let Ok(event) = event else { return };
        let Cucumber::Feature(feature, event) = &**event else {
            return;
        };
        match event {
            event::Feature::Started => self.reporters.report(Notice::FeatureStarted {
                name: &feature.name,
                file: feature.path.as_deref().unwrap_or("".as_ref()),
            }),
            event::Feature::Scenario(scenario, event)
            | event::Feature::Rule(_, Rule::Scenario(scenario, event)) => {
                self.scenario(feature, scenario, event);
            }
            event::Feature::Rule(..) | event::Feature::Finished => {}
        }
    }

    fn scenario<W>(
        &mut self,
        feature: &Feature,
        scenario: &Scenario,
        event: &RetryableScenario<W>,
    ) {
        match &event.event {
            event::Scenario::Started => {
                self.current = Some((Instant::now(), ScenarioVerdict::Passed, None));
                self.reporters.report(Notice::ScenarioStarted {
                    name: &scenario.name,
                });
            }
            event::Scenario::Hook(kind, Hook::Failed(_, payload)) => {
                let message = payload_text(payload.as_ref());
                match kind {
                    HookType::Before => {
                        self.failed("set-up".to_owned(), scenario.position.line, message);
                    }
                    HookType::After => {
                        if let Some((.., tear_down)) = &mut self.current {
                            *tear_down = Some(message);
                        }
                    }
                }
            }
            event::Scenario::Background(step, event) | event::Scenario::Step(step, event) => {
                self.step(step, event);
            }
            event::Scenario::Finished => {
                let attempts = event.retries.map_or(1, |retries| retries.current + 1);
                self.finished(feature, scenario, attempts);
            }
            event::Scenario::Hook(..) | event::Scenario::Log(_) => {}
        }
    }

    fn step<W>(&mut self, step: &Step, event: &event::Step<W>) {
        let text = || format!("{} {}", step.keyword.trim(), step.value);
        match event {
            event::Step::Started => {
                let text = text();
                tracing::debug!(target: "harness", step = %text, "the step begins");
                self.reporters.report(Notice::StepStarted { text: &text });
            }
            event::Step::Skipped | event::Step::Failed(.., StepError::NotFound) => {
                let line = step.position.line;
                self.verdict(ScenarioVerdict::Undefined { step: text(), line });
            }
            event::Step::Failed(.., StepError::AmbiguousMatch(error)) => {
                let message = format!("several steps match this line\n{error}");
                self.failed(text(), step.position.line, message);
            }
            event::Step::Failed(.., StepError::Panic(payload)) => {
                self.failed(text(), step.position.line, payload_text(payload.as_ref()));
            }
            event::Step::Passed(..) => {}
        }
    }

    fn failed(&mut self, step: String, line: usize, message: String) {
        self.verdict(match message.as_str() {
            STOPPED => ScenarioVerdict::Stopped,
            _ => ScenarioVerdict::Failed {
                step,
                line,
                message,
            },
        });
    }

    fn verdict(&mut self, found: ScenarioVerdict) {
        if let Some((_, verdict, _)) = &mut self.current {
            *verdict = found;
        }
    }

    fn finished(&mut self, feature: &Feature, scenario: &Scenario, attempts: usize) {
        let Some((started, verdict, tear_down)) = self.current.take() else {
            return;
        };
        let outcome = ScenarioOutcome {
            feature: feature.name.clone(),
            scenario: scenario.name.clone(),
            file: feature.path.clone().unwrap_or_default(),
            line: scenario.position.line,
            verdict,
            tear_down,
            attempts,
            duration: started.elapsed(),
        };
        self.reporters.report(Notice::ScenarioEnded(&outcome));
        // A repeated scenario counts once, as it ended.
        let same = |other: &ScenarioOutcome| {
            attempts > 1 && other.file == outcome.file && other.line == outcome.line
        };
        match self.scenarios.iter_mut().find(|other| same(other)) {
            Some(earlier) => *earlier = outcome,
            None => self.scenarios.push(outcome),
        }
    }
}

/// What a panic said. Our own steps always fail with a text; a user's `assert!` does so too.
fn payload_text(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| {
            payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
        })
        .unwrap_or_else(|| "it panicked without saying why".to_owned())
}
