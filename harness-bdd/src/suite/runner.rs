//! What to run, and running it.

use std::{
    fmt::{self, Debug},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use cucumber::{
    Cucumber, World, WriterExt as _, cli,
    gherkin::{Feature, Rule, Scenario},
    runner,
};
use futures_util::future::LocalBoxFuture;
use harness_tango::telescope::{Telescope, Timeouts};
use tokio::time::Instant;

use super::{
    Outcome, SuiteError,
    hooks::Hooks,
    recorder::{Recorder, Reporters},
    reports::Reports,
    undefined::undefined_steps,
};
use crate::{
    BoxError, HasTelescope, StepBook, StepLimits, Stop,
    feature::{self, Parsed, Selected, Selection},
    phrase,
    report::{Notice, Reporter},
    step::{STOPPED, fail, within},
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
    junit: Option<PathBuf>,
    json: Option<PathBuf>,
    limits: StepLimits,
    fail_fast: bool,
    devices: Vec<String>,
}

impl<W: World + Debug> Suite<W> {
    /// A suite with the steps of `book` and no features yet.
    pub fn new(book: StepBook<W>) -> Self {
        Self {
            book,
            paths: Vec::new(),
            features: Vec::new(),
            selection: Selection::new(),
            hooks: Hooks::default(),
            reporters: Reporters::default(),
            junit: None,
            json: None,
            limits: StepLimits::default(),
            fail_fast: false,
            devices: Vec::new(),
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
    /// telescope. Several are run in the order in which they were added.
    pub fn set_up<F>(mut self, hook: F) -> Self
    where
        F: for<'a> Fn(&'a mut W) -> LocalBoxFuture<'a, Result<(), BoxError>> + 'static,
    {
        self.hooks.add_set_up(hook);
        self
    }

    /// As [`set_up`](Self::set_up), with the name of the scenario.
    fn set_up_knowing_scenario<F>(mut self, hook: F) -> Self
    where
        F: for<'a> Fn(&'a mut W, &'a str) -> LocalBoxFuture<'a, Result<(), BoxError>> + 'static,
    {
        self.hooks.add_set_up_knowing_scenario(hook);
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

    /// Writes a JUnit XML report to `path` when the run is over.
    pub fn with_junit(mut self, path: impl Into<PathBuf>) -> Self {
        self.junit = Some(path.into());
        self
    }

    /// Writes a cucumber JSON report to `path` when the run is over.
    pub fn with_json(mut self, path: impl Into<PathBuf>) -> Self {
        self.json = Some(path.into());
        self
    }

    /// Ends after the first scenario that failed.
    pub fn fail_fast(mut self, fail_fast: bool) -> Self {
        self.fail_fast = fail_fast;
        self
    }

    /// Lets lines name further devices, as the telescope's file does under `[devices]`.
    /// [`on_telescope`](Self::on_telescope) does it.
    pub fn with_devices(mut self, names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.devices.extend(names.into_iter().map(Into::into));
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

    /// Runs the suite. Not to be dropped half-way, or nothing is torn down: use a [`Stop`].
    ///
    /// # Errors
    /// [`SuiteError`] for what is wrong with the book or the feature files, in which case nothing was
    /// run, and for reports that can't be written. What fails in a scenario is in the [`Outcome`].
    pub async fn run(self) -> Result<Outcome, SuiteError> {
        let started = Instant::now();
        let mut features = feature::load(&self.paths).map_err(SuiteError::Features)?;
        features.extend(self.features);
        let Selected {
            features,
            not_applicable,
        } = self.selection.of(features);
        let devices: Vec<&str> = self.devices.iter().map(String::as_str).collect();
        let Bound {
            collection,
            current,
            catalogue,
            mended,
        } = self.book.bind(&features, &devices)?;
        for line in &mended {
            tracing::warn!(target: "harness", "{line}");
        }
        let undefined = undefined_steps(&features, &collection, &catalogue);
        let recorder = Recorder::new(self.reporters.clone());
        let reports = Reports::<W>::new(recorder, self.junit.as_deref(), self.json.as_deref())?;
        self.reporters.report(Notice::Started {
            scenarios: count(&features),
        });

        let (before, after) = (self.hooks.clone(), self.hooks);
        let (stop, reporters) = (self.limits.stop.clone(), self.reporters.clone());
        let cucumber = Cucumber::<_, _, _, _, _, cli::Empty>::custom(
            Parsed,
            runner::Basic::default(),
            // By our own predicate: the default one lets scenarios with a certain tag off.
            reports.fail_on_skipped_with(ALWAYS),
        )
        .steps(collection)
        .max_concurrent_scenarios(1)
        .before(move |_, _, scenario, world: &mut W| {
            let (hooks, stop) = (before.clone(), stop.clone());
            Box::pin(async move {
                if stop.is_requested() {
                    fail(STOPPED.to_owned());
                }
                if let Err(text) = hooks.set_up(world, &scenario.name).await {
                    fail(text);
                }
            })
        })
        .after(move |_, _, _, _, world: Option<&mut W>| {
            let (hooks, reporters) = (after.clone(), reporters.clone());
            Box::pin(async move {
                // No World: its constructor failed, so there is nothing to put back.
                if let Some(world) = world {
                    reporters.report(Notice::TearDownStarted);
                    if let Err(text) = hooks.tear_down(world).await {
                        fail(text);
                    }
                }
            })
        });
        let cucumber = if self.fail_fast {
            cucumber.fail_fast()
        } else {
            cucumber
        };

        let limits = self.limits;
        let stop = limits.stop.clone();
        let running = within(limits, cucumber.with_default_cli().run(features));
        let written = phrase::within(current, running).await;
        let reports = written.inner_writer();
        let outcome = Outcome {
            scenarios: reports.recorder.scenarios().to_vec(),
            not_applicable,
            undefined,
            duration: started.elapsed(),
            stopped: stop.is_requested(),
        };
        self.reporters.report(Notice::Ended(&outcome));
        reports.save()?;
        Ok(outcome)
    }
}

/// Whether an undefined step fails its scenario. A function pointer, since cucumber gives the writer
/// back out of this kind of wrapper only.
const ALWAYS: fn(&Feature, Option<&Rule>, &Scenario) -> bool = |_, _, _| true;

impl<W: World + Debug + HasTelescope> Suite<W> {
    /// Runs the scenarios on this telescope: gives it to each World, and puts it back after each
    /// scenario (see [`TelescopeSession::restore`](crate::TelescopeSession::restore)). The time limit
    /// of a step becomes what the slowest way on this telescope may take.
    pub fn on_telescope(self, telescope: Arc<Telescope>) -> Self {
        let Timeouts {
            command,
            reach,
            recovery,
            ..
        } = telescope.config().timeouts();
        let deadline = (command + reach + recovery).max(StepLimits::DEFAULT_DEADLINE);
        self.with_step_deadline(deadline)
            .set_up_knowing_scenario(move |world, scenario| {
                world.session().attach(Arc::clone(&telescope));
                Box::pin(async move { Ok(world.session().prepare(scenario).await?) })
            })
            .tear_down(|world| Box::pin(async { Ok(world.session().restore().await.map(drop)?) }))
    }

    /// Says that the telescope is simulated in this process, so that lines about its transitions can
    /// be used.
    #[cfg(feature = "sim")]
    pub fn on_simulated(self, telescope: harness_sim::TelescopeHandle) -> Self {
        self.set_up(move |world| {
            world.session().attach_simulated(telescope.clone());
            Box::pin(async { Ok(()) })
        })
    }
}

fn count(features: &[Feature]) -> usize {
    use cucumber::feature::Ext as _;
    features.iter().map(Feature::count_scenarios).sum()
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
