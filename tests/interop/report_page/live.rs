//! A real run: its notices and its record, as a report.

use std::{cell::RefCell, error::Error, rc::Rc, sync::Arc, time::Duration};

use harness_bdd::{
    HarnessWorld, StepBook,
    books::telescope_steps,
    report::{
        AttemptReport, Notice, REPORT_SCHEMA, RunReport, RunVerdict, ScenarioClass, ScenarioReport,
        StepClass, StepReport,
        timeline::{TimelineCollector, watch_states},
    },
    suite::{ScenarioOutcome, ScenarioVerdict, Suite},
};
use harness_core::{Journal, Tracer};
use harness_sim::SimulatedTelescope;
use harness_tango::telescope::{Telescope, Timeouts};

/// Runs a feature file against a simulated Low.
pub(crate) async fn run(feature: &str) -> Result<RunReport, Box<dyn Error>> {
    let journal = Journal::new();
    let collector = TimelineCollector::new(&journal);
    let simulated = SimulatedTelescope::low().with_dwell(Duration::from_millis(80));
    let simulator = simulated.start().await?;
    let config = simulator.telescope_config().with_timeouts(Timeouts {
        command: Duration::from_secs(3),
        reach: Duration::from_secs(3),
        recovery: Duration::from_secs(10),
    });
    let telescope = Telescope::connect_traced(config, &Tracer::new(journal.clone())).await?;
    let unwatched = watch_states(telescope.devices().map(|(_, device)| device)).await;
    for error in unwatched {
        eprintln!("not in the timelines: {error}");
    }
    let collected = Rc::new(RefCell::new(Collected::new(journal, collector)));
    let reporter = Rc::clone(&collected);
    let suite = Suite::new(StepBook::<HarnessWorld>::new().merge(telescope_steps));
    let outcome = suite
        .with_features(feature)
        .on_simulated(simulator.handle())
        .on_telescope(Arc::new(telescope))
        .with_reporter(move |notice: Notice<'_>| reporter.borrow_mut().take(notice))
        .run()
        .await?;
    simulator.shutdown().await;
    let scenarios = std::mem::take(&mut collected.borrow_mut().scenarios);
    Ok(RunReport {
        schema: REPORT_SCHEMA,
        telescope: Some("simulated low".into()),
        duration_seconds: outcome.duration.as_secs_f64(),
        verdict: RunVerdict::Failed,
        scenarios,
        ..RunReport::default()
    })
}

struct Collected {
    journal: Journal,
    collector: TimelineCollector,
    steps: Vec<(String, f64)>,
    tear_down: Option<f64>,
    scenarios: Vec<ScenarioReport>,
}

impl Collected {
    fn new(journal: Journal, collector: TimelineCollector) -> Self {
        Self {
            journal,
            collector,
            steps: Vec::new(),
            tear_down: None,
            scenarios: Vec::new(),
        }
    }

    fn now(&self) -> f64 {
        self.journal.started().elapsed().as_secs_f64()
    }

    fn take(&mut self, notice: Notice<'_>) {
        match notice {
            Notice::ScenarioStarted { .. } => {
                self.collector.begin();
                self.steps.clear();
            }
            Notice::StepStarted { text } => {
                self.collector.observe();
                self.steps.push((text.to_owned(), self.now()));
            }
            Notice::TearDownStarted => self.tear_down = Some(self.now()),
            Notice::ScenarioEnded(outcome) => self.ended(outcome),
            _ => {}
        }
    }

    fn ended(&mut self, outcome: &ScenarioOutcome) {
        let timeline = self.collector.end();
        let tear_down = self.tear_down.take();
        let steps = std::mem::take(&mut self.steps);
        let ends: Vec<_> = steps.iter().skip(1).map(|(_, at)| *at).collect();
        let ends = ends.into_iter().chain([tear_down.unwrap_or(self.now())]);
        let mut steps: Vec<_> = steps.iter().zip(ends).map(step).collect();
        let verdict = match &outcome.verdict {
            ScenarioVerdict::Failed { message, .. } => {
                if let Some(last) = steps.last_mut() {
                    last.verdict = StepClass::Failed;
                    last.message = Some(message.clone());
                }
                ScenarioClass::Failed
            }
            ScenarioVerdict::Undefined { .. } => ScenarioClass::Undefined,
            ScenarioVerdict::Passed => ScenarioClass::Passed,
            _ => ScenarioClass::Stopped,
        };
        let attempt = AttemptReport {
            at_seconds: timeline.at_seconds,
            duration_seconds: timeline.duration_seconds,
            steps,
            tear_down: outcome.tear_down.clone(),
            tear_down_at_seconds: tear_down,
            timeline: Some(timeline),
            ..AttemptReport::default()
        };
        self.scenarios.push(ScenarioReport {
            feature: outcome.feature.clone(),
            feature_tags: Vec::new(),
            rule: None,
            name: outcome.scenario.clone(),
            file: outcome.file.clone(),
            line: outcome.line,
            repetition: None,
            tags: Vec::new(),
            verdict,
            attempts: vec![attempt],
        });
    }
}

fn step(((text, at), end): (&(String, f64), f64)) -> StepReport {
    let (keyword, text) = text.split_once(' ').unwrap_or(("", text));
    StepReport {
        keyword: keyword.to_owned(),
        text: text.to_owned(),
        line: 0,
        defined_at: None,
        doc_string: None,
        table: None,
        verdict: StepClass::Passed,
        at_seconds: Some(*at),
        duration_seconds: end - at,
        message: None,
    }
}
