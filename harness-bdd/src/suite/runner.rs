//! What to run, and running it.

use std::{
    any::Any,
    fmt,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use cucumber::{World, gherkin::Feature, step::Collection};
use futures_util::future::LocalBoxFuture;
use harness_core::{Journal, TracedDevice};
use tokio::time::Instant;

use super::{
    Outcome, Plan, ScenarioOutcome, Shard, SuiteError, attempt::Attempts, case::Case, clock::Clock,
    error::told, hooks::Hooks, reporters::Reporters, run::Run, timelines::Timelines,
};
use crate::{
    BoxError, StepBook, StepLimits, Stop,
    feature::{self, Loaded, Selected, Selection},
    phrase::{self, Current},
    report::{Notice, REPORT_SCHEMA, ReportFiles, Reporter, RunReport, RunVerdict},
    step::within,
    step_book::Bound,
};

/// Features, steps, and what is done around each scenario.
///
/// One scenario runs at a time, since a telescope is one shared resource. A line that no step
/// matches fails the run, and so does a run without scenarios; see [`Outcome::verdict`].
///
/// ```
/// use harness_bdd::{StepBook, suite::{Suite, Verdict}, feature, step};
///
/// #[derive(Debug, Default, cucumber::World)]
/// struct Mine;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let text = "Feature: Weather\n  Scenario: Rain\n    Given it rains\n";
/// let book = StepBook::<Mine>::new().given("it rains", |_, _| step(async { Ok(()) }));
/// let outcome = Suite::new(book).with_feature(feature::parse("weather.feature", text)?).run().await?;
/// assert_eq!(outcome.verdict(), Verdict::Passed);
/// # Ok(())
/// # }
/// ```
#[must_use = "a suite does nothing until `run` is awaited"]
pub struct Suite<W> {
    book: StepBook<W>,
    paths: Vec<PathBuf>,
    features: Vec<Feature>,
    selection: Selection,
    hooks: Hooks<W>,
    reporters: Reporters,
    files: ReportFiles,
    journal: Option<Journal>,
    telescope: Option<String>,
    limits: StepLimits,
    fail_fast: bool,
    retries: usize,
    rounds: usize,
    shard: Option<Shard>,
    only: Option<(PathBuf, usize, String)>,
    devices: Vec<String>,
    kept: Vec<Box<dyn Any>>,
    /// The devices whose states are in the timelines.
    watched: Vec<TracedDevice>,
    timelines: bool,
    keep_going: bool,
}

impl<W: World> Suite<W> {
    /// A suite with the steps of `book` and no features yet.
    pub fn new(book: StepBook<W>) -> Self {
        Self {
            book,
            paths: Vec::new(),
            features: Vec::new(),
            selection: Selection::new(),
            hooks: Hooks::default(),
            reporters: Reporters::default(),
            files: ReportFiles::default(),
            journal: None,
            telescope: None,
            limits: StepLimits::default(),
            fail_fast: false,
            retries: 0,
            rounds: 1,
            shard: None,
            only: None,
            devices: Vec::new(),
            kept: Vec::new(),
            watched: Vec::new(),
            timelines: false,
            keep_going: false,
        }
    }

    /// Runs the feature file at `path`, or all of them if it is a folder.
    pub fn with_features(mut self, path: impl AsRef<Path>) -> Self {
        self.paths.push(path.as_ref().to_owned());
        self
    }

    /// Runs a feature that is parsed already.
    pub fn with_feature(mut self, feature: Feature) -> Self {
        self.features.push(feature);
        self
    }

    /// Runs only some of the scenarios. Default: all.
    pub fn with_selection(mut self, selection: Selection) -> Self {
        self.selection = selection;
        self
    }

    /// Does something with each scenario's World before its first step, for example gives it the
    /// telescope. Several are run in the order in which they were added; together they may take twice
    /// as long as a [step](Self::with_step_deadline).
    pub fn set_up<F>(mut self, hook: F) -> Self
    where
        F: for<'a> Fn(&'a mut W) -> LocalBoxFuture<'a, Result<(), BoxError>> + 'static,
    {
        self.hooks.add_set_up(hook);
        self
    }

    /// As [`set_up`](Self::set_up), with the name of the scenario.
    pub(super) fn set_up_knowing_scenario<F>(mut self, hook: F) -> Self
    where
        F: for<'a> Fn(&'a mut W, &'a str) -> LocalBoxFuture<'a, Result<(), BoxError>> + 'static,
    {
        self.hooks.add_set_up_knowing_scenario(hook);
        self
    }

    /// Looks at each scenario's World when every step has passed; an error fails the last one.
    pub(super) fn finish<F>(mut self, hook: F) -> Self
    where
        F: for<'a> Fn(&'a mut W) -> LocalBoxFuture<'a, Result<(), BoxError>> + 'static,
    {
        self.hooks.add_finish(hook);
        self
    }

    /// Does something with each scenario's World after its last step, also if one failed. Several
    /// are all run, the last added first. An error is reported apart from the scenario's result and
    /// fails the run. There is no time limit but the hook's own.
    pub fn tear_down<F>(mut self, hook: F) -> Self
    where
        F: for<'a> Fn(&'a mut W) -> LocalBoxFuture<'a, Result<(), BoxError>> + 'static,
    {
        self.hooks.add_tear_down(hook);
        self
    }

    /// Tells `reporter` how the run goes.
    pub fn with_reporter(self, reporter: impl Reporter + 'static) -> Self {
        self.reporters.add(Box::new(reporter));
        self
    }

    /// Writes these reports when the run is over.
    pub fn with_reports(mut self, files: ReportFiles) -> Self {
        self.files = files;
        self
    }

    /// Writes a JUnit XML report to `path` when the run is over.
    pub fn with_junit(mut self, path: impl Into<PathBuf>) -> Self {
        self.files = self.files.with_junit(path);
        self
    }

    /// Writes a cucumber JSON report to `path` when the run is over.
    pub fn with_json(mut self, path: impl Into<PathBuf>) -> Self {
        self.files = self.files.with_cucumber_json(path);
        self
    }

    /// Tells times on the clock of this journal, and which of its entries belong to which attempt.
    /// [`Suite::on_telescope`] sets that of the telescope.
    pub fn with_journal(mut self, journal: Journal) -> Self {
        self.journal = Some(journal);
        self
    }

    /// The name of the telescope, for the report.
    pub(super) fn named(mut self, telescope: &str) -> Self {
        self.telescope = Some(telescope.to_owned());
        self
    }

    /// Ends after the first scenario that failed or could not be torn down.
    pub fn fail_fast(mut self, fail_fast: bool) -> Self {
        self.fail_fast = fail_fast;
        self
    }

    /// Tries a scenario that failed again, this often at most, each time in a new World and after
    /// the tear-down. One that passes then is [flaky](super::ScenarioVerdict::Flaky). Default: 0. A
    /// scenario's own tag comes first: `@retry`, `@retry(3)`, `@retry(3).after(2s)`.
    pub fn with_retries(mut self, times: usize) -> Self {
        self.retries = times;
        self
    }

    /// Runs the whole selection this often, one round after the other. Default: 1.
    pub fn repeated(mut self, rounds: usize) -> Self {
        self.rounds = rounds;
        self
    }

    /// Runs only this part of what was selected.
    pub fn with_shard(mut self, shard: Shard) -> Self {
        self.shard = Some(shard);
        self
    }

    /// Lets lines name further devices, as the telescope's file does under `[devices]`.
    /// [`on_telescope`](Self::on_telescope) does it.
    pub fn with_devices(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.devices.extend(names.into_iter().map(Into::into));
        self
    }

    /// Runs what can be read although some feature files can't be: these are told, and the run fails.
    /// Default: nothing is run then.
    pub fn keep_going(mut self, keep_going: bool) -> Self {
        self.keep_going = keep_going;
        self
    }

    /// Keeps a timeline of what every device does in each attempt, for the report and its page. A page
    /// among the [reports](Self::with_reports) asks for it, too. It needs a journal, and costs a
    /// subscription to each attribute that is a state.
    pub fn with_timelines(mut self) -> Self {
        self.timelines = true;
        self
    }

    /// Lets these devices be in the timelines, whether a line speaks of them or not.
    pub(super) fn watching(mut self, devices: impl IntoIterator<Item = TracedDevice>) -> Self {
        self.watched.extend(devices);
        self
    }

    /// The longest time a step may take. Default: [`StepLimits::DEFAULT_DEADLINE`].
    pub fn with_step_deadline(mut self, deadline: Duration) -> Self {
        self.limits.deadline = deadline;
        self
    }

    /// Ends early when `stop` is requested.
    pub fn with_stop(mut self, stop: Stop) -> Self {
        self.limits.stop = stop;
        self
    }

    /// Runs the one scenario at this place. Scenarios that share their Examples share their lines, too,
    /// so that the name is needed.
    #[cfg(feature = "libtest")]
    pub(crate) fn only(mut self, file: &Path, line: usize, name: &str) -> Self {
        self.only = Some((file.to_owned(), line, name.to_owned()));
        self
    }

    /// Keeps something until the run is over that must live as long, such as a simulator.
    pub fn keeping(mut self, something: impl Any) -> Self {
        self.kept.push(Box::new(something));
        self
    }

    /// What would be run, and which lines match no step or several. Nothing is run, and no World is
    /// made.
    ///
    /// # Errors
    /// As [`Suite::run`], but for reports.
    pub fn plan(self) -> Result<Plan, SuiteError> {
        self.prepare().map(|prepared| prepared.plan)
    }

    /// Runs the suite. Not to be dropped half-way, or nothing is torn down: use a [`Stop`].
    ///
    /// # Errors
    /// [`SuiteError`] for what is wrong with the book or the feature files, in which case nothing was
    /// run, and for reports that can't be written. What fails in a scenario is in the [`Outcome`].
    pub async fn run(self) -> Result<Outcome, SuiteError> {
        let (started, wall) = (Instant::now(), SystemTime::now());
        let Prepared {
            suite,
            steps,
            current,
            cases,
            plan,
        } = self.prepare()?;
        if !plan.ambiguous.is_empty() {
            return Err(SuiteError::Ambiguous(plan.ambiguous));
        }
        suite.files.create()?;
        for warning in plan.refused.iter().chain(&plan.warnings) {
            suite.reporters.report(Notice::Warning(warning));
        }
        suite.reporters.report(Notice::Started {
            scenarios: cases.len(),
        });
        let stop = suite.limits.stop.clone();
        let wanted = suite.timelines || suite.files.has_page();
        let journal = suite.journal.as_ref().filter(|_| wanted);
        let timelines = Timelines::of(journal, &suite.watched).await;
        let mut run = Run {
            attempts: Attempts {
                steps: &steps,
                hooks: &suite.hooks,
                reporters: &suite.reporters,
                clock: &Clock::new(suite.journal.clone()),
                timelines: &timelines,
                stop: &stop,
            },
            retries: suite.retries,
            fail_fast: suite.fail_fast,
            warning: None,
        };
        let running = within(suite.limits, run.all(&cases));
        let scenarios = phrase::within(current, running).await;
        drop(suite.kept);
        let stopped = stop.is_requested();
        let duration = started.elapsed();
        let outcome = Outcome {
            not_begun: cases.len() - scenarios.len(),
            scenarios: scenarios.iter().map(ScenarioOutcome::from).collect(),
            duration,
            stopped,
            report: RunReport {
                schema: REPORT_SCHEMA,
                harness: env!("CARGO_PKG_VERSION").to_owned(),
                telescope: suite.telescope,
                started: humantime::format_rfc3339_millis(wall).to_string(),
                duration_seconds: duration.as_secs_f64(),
                shards: suite.shard.iter().map(ToString::to_string).collect(),
                verdict: match RunVerdict::of(&scenarios, stopped) {
                    RunVerdict::Stopped => RunVerdict::Stopped,
                    _ if !plan.refused.is_empty() => RunVerdict::Failed,
                    verdict => verdict,
                },
                scenarios,
                not_applicable: plan.not_applicable.iter().map(Into::into).collect(),
                refused: plan.refused,
                warnings: plan.warnings.clone(),
            },
            warnings: plan.warnings,
            not_applicable: plan.not_applicable,
            undefined: plan.undefined,
        };
        suite.reporters.report(Notice::Ended(&outcome));
        suite.files.write(&outcome.report)?;
        Ok(outcome)
    }

    fn prepare(mut self) -> Result<Prepared<W>, SuiteError> {
        let book = std::mem::take(&mut self.book);
        let Loaded {
            mut features,
            warnings,
            refused,
            ..
        } = feature::load_readable(&self.paths);
        if !refused.is_empty() && !self.keep_going {
            return Err(SuiteError::Features(refused));
        }
        features.append(&mut self.features);
        for path in features.iter_mut().filter_map(|one| one.path.as_mut()) {
            // In letters: reports are JSON, which has no others.
            *path = path.to_string_lossy().into_owned().into();
        }
        let Selected {
            features,
            not_applicable,
        } = self.selection.of(features);
        let devices: Vec<&str> = self.devices.iter().map(String::as_str).collect();
        let Bound {
            collection: steps,
            current,
            catalogue,
            warnings: read_otherwise,
        } = book.bind(&features, &devices)?;
        let cases = Case::of(features);
        let mut cases = match self.shard {
            Some(shard) => shard.take(cases),
            None => cases,
        };
        // After the cut, which depends on all cases.
        if let Some((file, line, name)) = &self.only {
            cases.retain(|case| {
                case.file() == file && case.line() == *line && case.scenario.name == *name
            });
        }
        let cases = Case::repeated(cases, self.rounds);
        let mut plan = Plan::new(&cases, not_applicable, &steps, &catalogue);
        plan.refused = refused.iter().map(told).collect();
        plan.warnings = warnings
            .iter()
            .map(ToString::to_string)
            .chain(read_otherwise.iter().map(ToString::to_string))
            .collect();
        Ok(Prepared {
            suite: self,
            current,
            steps,
            cases,
            plan,
        })
    }
}

/// A suite whose files are read and whose lines are looked up.
struct Prepared<W> {
    suite: Suite<W>,
    steps: Collection<W>,
    /// What tells the steps by grammar what their lines say, and what these look at.
    current: Current,
    cases: Vec<Case>,
    plan: Plan,
}

// By hand, as the World need not be Debug here and the hooks can't be.
impl<W> fmt::Debug for Suite<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Suite")
            .field("book", &self.book)
            .field("paths", &self.paths)
            .field("selection", &self.selection)
            .field("hooks", &self.hooks)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}
