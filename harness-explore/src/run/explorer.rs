//! Exploring a machine: how much, and the run itself.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use hegel::{Backend, Hegel, NondeterminismStrictness, Phase, TestCase, Verbosity};
use thiserror::Error;
use tokio::runtime::{Builder, Handle, Runtime};

use super::campaign::Campaign;
use super::replay::{Repair, Run, replay};
use super::settings::{End, Settings};
use crate::machine::{Machine, MachineError};
use crate::program::Program;
use crate::report::{Finding, Report};

/// Why a machine could not be explored.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ExploreError {
    /// The machine can not run.
    #[error(transparent)]
    Machine(#[from] MachineError),
    /// No program could take a single step.
    #[error(
        "no progress from state {state}: no rule is enabled there; these preconditions never held: {conditions}"
    )]
    NoProgress {
        /// The state of the model, if there is one.
        state: String,
        /// The preconditions that did not hold.
        conditions: String,
    },
    /// It was called from asynchronous code.
    #[error(
        "exploring runs its own tokio runtime and was called from within one: call it from a thread of its own"
    )]
    WithinRuntime,
    /// There is no runtime to run on.
    #[error("no tokio runtime could be made")]
    Runtime(#[source] std::io::Error),
    /// hegeltest gave up.
    #[error("the generator of programs gave up: {0}")]
    Engine(String),
}

/// Explores a machine: runs programs of it until one fails, and shrinks that.
///
/// Everything is decided by the seed, which the report tells; with the same seed the same programs
/// are run. Programs run one at a time on the calling thread.
#[derive(Debug)]
pub struct Explorer<S, V = ()> {
    machine: Machine<S, V>,
    settings: Settings,
}

impl<S, V: Clone> Explorer<S, V> {
    /// Explores this machine: 100 programs of 50 steps, until one fails.
    #[must_use]
    pub fn new(machine: Machine<S, V>) -> Self {
        Explorer {
            machine,
            settings: Settings::default(),
        }
    }

    /// Decides everything by this seed.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.settings.seed = Some(seed);
        self
    }

    /// Runs at most so many programs.
    #[must_use]
    pub fn with_programs(mut self, programs: u64) -> Self {
        self.settings.programs = programs;
        self
    }

    /// Has each program take so many steps. With 0 only what must hold at the start is checked.
    #[must_use]
    pub fn with_steps(mut self, steps: usize) -> Self {
        self.settings.steps = steps;
        self
    }

    /// Starts no program after this time.
    #[must_use]
    pub fn with_time(mut self, time: Duration) -> Self {
        self.settings.time = Some(time);
        self
    }

    /// Starts no program, does no further step of one, and shrinks none any further, once this says so; what was
    /// found by then is told.
    #[must_use]
    pub fn ending_when(mut self, asked: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.settings.end = End::when(asked);
        self
    }

    /// Goes on until so many different failures are found; 1 without it.
    #[must_use]
    pub fn with_findings(mut self, findings: usize) -> Self {
        self.settings.findings = findings.max(1);
        self
    }

    /// Shrinks a failing program by at most so many runs of programs, and no longer than this.
    #[must_use]
    pub fn with_shrinking(mut self, runs: u64, time: Duration) -> Self {
        self.settings.shrink_runs = runs;
        self.settings.shrink_time = time;
        self
    }

    /// Runs what was found so many times more, to tell how often it fails; 5 without it.
    #[must_use]
    pub fn with_confirmations(mut self, times: u32) -> Self {
        self.settings.confirmations = times;
        self
    }

    /// Keeps programs that fail in this folder, and replays them first.
    #[must_use]
    pub fn with_database(mut self, folder: impl Into<PathBuf>) -> Self {
        self.settings.database = Some(folder.into());
        self
    }

    /// The machine.
    #[must_use]
    pub fn machine(&self) -> &Machine<S, V> {
        &self.machine
    }

    /// Whether it is to end before its time.
    pub(crate) fn is_to_end(&self) -> bool {
        self.settings.end.is_wanted()
    }

    /// Explores, on a runtime of its own.
    ///
    /// # Errors
    /// When the machine can not run, or this is called from asynchronous code. What is found is no
    /// error: see [`Report::findings`].
    pub fn run(&self) -> Result<Report, ExploreError> {
        self.run_on(&own_runtime()?)
    }

    /// Explores, on this runtime: one with a paused clock, or one on which clients of devices live.
    ///
    /// # Errors
    /// Those of [`run`](Self::run).
    pub fn run_on(&self, runtime: &Runtime) -> Result<Report, ExploreError> {
        self.machine.check()?;
        if Handle::try_current().is_ok() {
            return Err(ExploreError::WithinRuntime);
        }
        let seed = self.settings.seed.unwrap_or_else(random_seed);
        let mut campaign = Campaign::new(&self.machine, &self.settings, runtime, seed);
        let programs = self.settings.programs;
        let ended = catch_unwind(AssertUnwindSafe(|| {
            Hegel::new(|case: TestCase| campaign.test_case(&case))
                .settings(engine_settings(seed, programs))
                .run();
        }));
        if let Err(payload) = ended
            && !campaign.is_over()
        {
            let said = payload
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| payload.downcast_ref::<&str>().map(ToString::to_string));
            let said = said.unwrap_or_else(|| "without a word".to_owned());
            return Err(ExploreError::Engine(said));
        }
        campaign.into_report()
    }

    /// Runs a program, once. Steps that no longer apply are skipped.
    ///
    /// # Errors
    /// When the machine can not run, or this is called from asynchronous code.
    pub fn replay(&self, program: &Program) -> Result<Run, ExploreError> {
        self.replay_on(&own_runtime()?, program)
    }

    /// Runs a program, once, on this runtime.
    ///
    /// # Errors
    /// Those of [`replay`](Self::replay).
    pub fn replay_on(&self, runtime: &Runtime, program: &Program) -> Result<Run, ExploreError> {
        self.machine.check()?;
        if Handle::try_current().is_ok() {
            return Err(ExploreError::WithinRuntime);
        }
        let trace = runtime.block_on(replay(
            &self.machine,
            &program.steps,
            Repair::Never,
            &self.settings.end,
        ));
        Ok(Run {
            skipped: match trace.violation {
                Some(_) => 0,
                None => program.steps.len().saturating_sub(trace.steps.len()),
            },
            program: Program {
                machine: self.machine.name.clone(),
                steps: trace.steps,
                numbered: self.machine.numbered,
            },
            violation: trace.violation,
        })
    }
}

impl<S, V: Clone> Explorer<S, V> {
    /// Shrinks a program that is known to fail; none if it does not.
    ///
    /// # Errors
    /// When the machine can not run, or this is called from asynchronous code.
    pub fn shrink(&self, program: &Program) -> Result<Option<Finding>, ExploreError> {
        self.shrink_on(&own_runtime()?, program)
    }

    /// Shrinks a program that is known to fail, on this runtime; none if it does not.
    ///
    /// # Errors
    /// Those of [`shrink`](Self::shrink).
    pub fn shrink_on(
        &self,
        runtime: &Runtime,
        program: &Program,
    ) -> Result<Option<Finding>, ExploreError> {
        self.machine.check()?;
        if Handle::try_current().is_ok() {
            return Err(ExploreError::WithinRuntime);
        }
        let mut campaign = Campaign::new(&self.machine, &self.settings, runtime, 0);
        let (steps, end) = (&program.steps, &self.settings.end);
        let trace = runtime.block_on(replay(&self.machine, steps, Repair::Never, end));
        campaign.look_into(trace);
        Ok(campaign.into_findings().pop())
    }
}

/// The words of each rule that has some.
pub(crate) fn words_of<S, V>(machine: &Machine<S, V>) -> HashMap<Arc<str>, String> {
    let words = machine
        .rules
        .iter()
        .filter_map(|rule| Some((Arc::clone(&rule.name), rule.words.clone()?)));
    words.collect()
}

pub(crate) fn own_runtime() -> Result<Runtime, ExploreError> {
    if Handle::try_current().is_ok() {
        return Err(ExploreError::WithinRuntime);
    }
    Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(ExploreError::Runtime)
}

/// The engine makes choices, and nothing else: programs are kept, replayed and shrunk as programs.
fn engine_settings(seed: u64, programs: u64) -> hegel::Settings {
    hegel::Settings::new()
        .seed(Some(seed))
        .test_cases(programs.max(1))
        .database(None)
        .phases([Phase::Generate])
        .backend(Backend::Default)
        .stop_on_first_failure(true)
        .report_multiple_failures(false)
        .print_blob(false)
        .show_statistics(false)
        .verbosity(Verbosity::Quiet)
        .nondeterminism_strictness(NondeterminismStrictness::Quiet)
        .suppress_health_check(hegel::HealthCheck::all())
}

fn random_seed() -> u64 {
    // short enough to be typed
    RandomState::new().build_hasher().finish() >> 32
}
