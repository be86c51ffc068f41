//! Covering a lifecycle: tours are planned and gone until nothing is left that can be done.

use std::time::Instant;

use harness_core::state_machine::State;
use serde::Serialize;
use tokio::runtime::Runtime;

use super::goal::Goal;
use super::matrix::Matrix;
use super::plan::{Planned, Planner};
use crate::lifecycle::{Lifecycle, SystemUnderTest, WAIT, Walk};
use crate::machine::RuleError;
use crate::program::Program;
use crate::report::{Finding, Reproduced, Shrinking};
use crate::run::{ExploreError, Explorer, own_runtime, words_of};

/// How many tours may bring nothing new before what is left is given up.
const PATIENCE: u32 = 3;

/// Does all that a lifecycle allows and forbids: each command in each state, and each way from a
/// state to another, in few commands.
///
/// A tour is planned that goes everything, and gone. Where something goes wrong, the program so far
/// is shrunk to a [`Finding`], and another tour goes what is left, around that.
///
/// ```
/// use std::time::Duration;
///
/// use harness_core::state_machine::{StateGraph, Transition};
/// use harness_explore::RuleError;
/// use harness_explore::cover::Cover;
/// use harness_explore::lifecycle::{Lifecycle, Reply, SystemUnderTest, Told};
///
/// struct Lamp {
///     state: &'static str,
///     told: Option<&'static str>,
/// }
///
/// impl SystemUnderTest<&'static str> for Lamp {
///     async fn send(&mut self, command: &str, _: Option<&str>) -> Result<Reply, RuleError> {
///         self.state = match (command, self.state) {
///             ("On", "OFF") => "ON",
///             ("Off", _) => "OFF", // also when it is off
///             _ => return Ok(Reply::Refused { reason: "it is on".to_owned() }),
///         };
///         self.told = Some(self.state);
///         Ok(Reply::Accepted { command: None })
///     }
///
///     async fn next(&mut self, _: Duration) -> Result<Option<Told<&'static str>>, RuleError> {
///         Ok(self.told.take().map(Told::State))
///     }
///
///     async fn state(&mut self) -> Result<&'static str, RuleError> {
///         Ok(self.state)
///     }
/// }
///
/// let graph = StateGraph::new()
///     .with(Transition::to("ON").named("On").from(["OFF"]))?
///     .with(Transition::to("OFF").named("Off").from(["ON"]))?;
/// let lamp = async || Ok(Lamp { state: "OFF", told: None });
/// let report = Cover::new(&Lifecycle::new(&graph, "OFF"), "Lamp", lamp).run()?;
/// assert_eq!(
///     report.findings[0].violation.to_string(),
///     "rule refused Off: accepted though not allowed: Off in OFF"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Cover<T, S: State> {
    lifecycle: Lifecycle<S>,
    explorer: Explorer<Walk<T, S>>,
    with_pairs: bool,
    with_successions: bool,
}

/// What came of covering a lifecycle. Shown, it tells what was found and what was not exercised.
#[derive(Clone, Debug, Serialize)]
pub struct CoverReport {
    /// The machine's name.
    pub machine: String,
    /// What was and was not exercised.
    pub matrix: Matrix,
    /// What went wrong, each with the program that it was shrunk to.
    pub findings: Vec<Finding>,
    /// How many commands the tours sent, without those of shrinking and going home.
    pub commands: u64,
    /// How many commands the first tour was to send: all commands in all states.
    pub planned: u64,
    /// How many commands any tour sends at least that does that.
    pub at_least: u64,
    /// How many tours were gone.
    pub programs: u64,
    /// How long it all took, in seconds.
    pub seconds: f64,
    /// What else is to be told.
    pub notes: Vec<String>,
}

impl CoverReport {
    /// Whether nothing went wrong.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

impl<S: State, T: SystemUnderTest<S>> Cover<T, S> {
    /// Covers this lifecycle. `start` makes the system for each tour, as for
    /// [`Lifecycle::machine`].
    #[must_use]
    pub fn new<F>(lifecycle: &Lifecycle<S>, name: impl Into<String>, start: F) -> Self
    where
        F: AsyncFn() -> Result<T, RuleError> + 'static,
    {
        Cover {
            explorer: Explorer::new(lifecycle.machine(name, start)),
            lifecycle: lifecycle.clone(),
            with_pairs: true,
            with_successions: false,
        }
    }

    /// Leaves out the ways between states, as far as the commands do not go them anyway.
    #[must_use]
    pub fn without_pairs(mut self) -> Self {
        self.with_pairs = false;
        self
    }

    /// Sends also each command after each other that can come before it.
    #[must_use]
    pub fn with_successions(mut self) -> Self {
        self.with_successions = true;
        self
    }

    /// Changes how what is found is shrunk and kept: see [`Explorer`].
    #[must_use]
    pub fn shrinking_by(
        mut self,
        change: impl FnOnce(Explorer<Walk<T, S>>) -> Explorer<Walk<T, S>>,
    ) -> Self {
        self.explorer = change(self.explorer);
        self
    }

    /// Covers, on a runtime of its own.
    ///
    /// # Errors
    /// When the machine can not run, or this is called from asynchronous code. What is found is no
    /// error: see [`CoverReport::findings`].
    pub fn run(&self) -> Result<CoverReport, ExploreError> {
        self.run_on(&own_runtime()?)
    }

    /// Covers, on this runtime.
    ///
    /// # Errors
    /// Those of [`run`](Self::run).
    pub fn run_on(&self, runtime: &Runtime) -> Result<CoverReport, ExploreError> {
        let started = Instant::now();
        let goals = Goal::all(&self.lifecycle, self.with_pairs, self.with_successions);
        let mut report = CoverReport {
            machine: self.explorer.machine().name().to_owned(),
            matrix: self.lifecycle.matrix(),
            findings: Vec::new(),
            commands: 0,
            planned: 0,
            at_least: 0,
            programs: 0,
            seconds: 0.0,
            notes: Vec::new(),
        };
        let mut in_vain = 0;
        let mut left = self.left(&goals);
        while in_vain < PATIENCE && !self.explorer.is_to_end() {
            let Some(tour) = self.plan(&left) else { break };
            if report.programs == 0 {
                report.planned = tour.commands;
                report.at_least = tour.at_least;
            }
            self.go(runtime, tour, &mut report)?;
            let now_left = self.left(&goals);
            in_vain = if now_left.len() < left.len() {
                0
            } else {
                in_vain + 1
            };
            left = now_left;
        }
        if in_vain > 0 && !self.explorer.is_to_end() {
            let note = format!("given up after {in_vain} tours that brought nothing new");
            report.notes.push(note);
            self.miss(&left);
        }
        if self.explorer.is_to_end() && !left.is_empty() {
            let note = format!("ended before its time: {} goals are left", left.len());
            report.notes.push(note);
        }
        report.matrix = self.lifecycle.matrix();
        report.seconds = started.elapsed().as_secs_f64();
        Ok(report)
    }

    /// The goals that are neither met nor went wrong.
    fn left<'g>(&self, goals: &'g [Goal<S>]) -> Vec<&'g Goal<S>> {
        let record = self.lifecycle.record().borrow();
        let left = goals.iter().filter(|goal| !goal.is_settled(&record));
        left.collect()
    }

    /// What is left in states that were passed was never in time.
    fn miss(&self, left: &[&Goal<S>]) {
        let mut record = self.lifecycle.record().borrow_mut();
        for goal in left {
            if let Goal::Take { from, command, .. } | Goal::Refuse { from, command, .. } = goal
                && self.lifecycle.is_transient(from)
                && record.has_seen(from)
            {
                record.missed(from, command);
            }
        }
    }

    /// A tour for the commands that are left, then one for those that follow each other, and then one
    /// for the ways, most of which those went already.
    fn plan(&self, left: &[&Goal<S>]) -> Option<Planned> {
        let record = self.lifecycle.record().borrow();
        let planner = Planner::new(&self.lifecycle, &record);
        let (ways, commands): (Vec<&Goal<S>>, Vec<&Goal<S>>) = left
            .iter()
            .copied()
            .partition(|goal| matches!(goal, Goal::Reach { .. } | Goal::Follow { .. }));
        planner
            .tour(&commands)
            .or_else(|| planner.succession_tour(&ways))
            .or_else(|| planner.tour(&ways))
    }

    fn go(
        &self,
        runtime: &Runtime,
        tour: Planned,
        report: &mut CoverReport,
    ) -> Result<(), ExploreError> {
        let program = Program {
            steps: tour.steps,
            ..Program::of(&report.machine)
        };
        let run = self.explorer.replay_on(runtime, &program)?;
        report.programs += 1;
        let sent = run.program.steps.iter().filter(|step| *step.rule != *WAIT);
        report.commands += sent.count() as u64;
        let Some(violation) = run.violation else {
            return Ok(());
        };
        let same = |other: &Finding| {
            other.violation.is_like(&violation) && other.violation.message == violation.message
        };
        if report.findings.iter().any(same) {
            return Ok(());
        }
        let record = self.lifecycle.record();
        record.borrow_mut().pause(true);
        let shrunk = self.explorer.shrink_on(runtime, &run.program);
        record.borrow_mut().pause(false);
        let finding = shrunk?.unwrap_or_else(|| Finding {
            found_with: run.program.steps.len(),
            violation,
            program: run.program,
            shrinking: Shrinking {
                cut_short: Some("it did not come again".to_owned()),
                ..Shrinking::default()
            },
            reproduced: Reproduced { failed: 0, of: 1 },
            kept_in: None,
            words: words_of(self.explorer.machine()),
        });
        report.findings.push(finding);
        Ok(())
    }
}
