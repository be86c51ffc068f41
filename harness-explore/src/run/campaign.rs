//! One run of the explorer, test case by test case.

use std::panic::resume_unwind;
use std::time::Instant;

use tokio::runtime::Runtime;

use super::choices::Choices;
use super::database::{Database, Kept};
use super::explorer::{ExploreError, words_of};
use super::generation::{Stuck, generate};
use super::observed::Observed;
use super::replay::{Repair, Trace, replay};
use super::settings::Settings;
use super::violation::Violation;
use crate::machine::Machine;
use crate::program::Program;
use crate::report::{Ended, Finding, Report, Reproduced};
use crate::shrink::{Shrunk, shrink};

/// How often a kept program that did not always fail is tried before it is forgotten.
const TRIES_OF_A_FLAKY_ONE: u32 = 5;

/// Ends the engine's run.
struct Over;

pub(super) struct Campaign<'m, S, V> {
    machine: &'m Machine<S, V>,
    settings: &'m Settings,
    runtime: &'m Runtime,
    database: Option<Database>,
    started: Instant,
    observed: Observed,
    report: Report,
    stuck: Vec<Stuck>,
    over: bool,
}

impl<'m, S, V: Clone> Campaign<'m, S, V> {
    pub(super) fn new(
        machine: &'m Machine<S, V>,
        settings: &'m Settings,
        runtime: &'m Runtime,
        seed: u64,
    ) -> Self {
        let database = settings.database.as_ref();
        Campaign {
            machine,
            settings,
            runtime,
            database: database.map(|folder| Database::of(folder, &machine.name)),
            started: Instant::now(),
            observed: Observed::of(machine),
            report: Report::new(&machine.name, seed),
            stuck: Vec::new(),
            over: false,
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.over
    }

    /// What the engine calls once for each program. It unwinds when the run is over.
    pub(super) fn test_case(&mut self, case: &hegel::TestCase) {
        if !self.over && self.report.programs == 0 {
            self.replay_kept();
        }
        self.end_if_enough();
        let mut choices = Choices::of(case);
        let (trace, stuck) = self.runtime.block_on(generate(
            self.machine,
            self.settings,
            &mut choices,
            &mut self.observed,
        ));
        self.report.programs += 1;
        self.report.steps += trace.steps.len() as u64;
        self.stuck
            .extend(stuck.filter(|stuck| !self.stuck.contains(stuck)));
        self.observed.learn(&trace);
        if trace.violation.is_some() {
            self.look_into(trace);
        }
        if let Some(payload) = choices.into_ended() {
            resume_unwind(payload);
        }
        self.end_if_enough();
    }

    fn end_if_enough(&mut self) {
        let ended = if self.over {
            Some(self.report.ended)
        } else if self.settings.end.is_wanted() {
            Some(Ended::Asked)
        } else if self.report.findings.len() >= self.settings.findings {
            Some(Ended::Found)
        } else if self.report.programs >= self.settings.programs {
            Some(Ended::Programs)
        } else if self
            .settings
            .time
            .is_some_and(|time| self.started.elapsed() >= time)
        {
            Some(Ended::Time)
        } else {
            None
        };
        if let Some(ended) = ended {
            self.over = true;
            self.report.ended = ended;
            resume_unwind(Box::new(Over));
        }
    }

    fn is_known(&self, violation: &Violation) -> bool {
        self.report
            .findings
            .iter()
            .any(|finding| finding.violation.is_like(violation))
    }

    /// Replays what is kept of earlier runs, and forgets what does not fail any more.
    fn replay_kept(&mut self) {
        let Some(database) = &self.database else {
            return;
        };
        let end = &self.settings.end;
        let (kept, unreadable) = database.load();
        self.report.notes.extend(unreadable);
        for (path, kept) in kept {
            let (failed, of) = kept.reproduced;
            let tries = if failed < of { TRIES_OF_A_FLAKY_ONE } else { 1 };
            let mut found = None;
            let mut runs = 0;
            while found.is_none() && runs < tries {
                runs += 1;
                self.report.replayed += 1;
                let steps = &kept.program.steps;
                let trace = self
                    .runtime
                    .block_on(replay(self.machine, steps, Repair::Never, end));
                if end.is_wanted() {
                    return;
                }
                found = trace.violation.clone().map(|violation| (trace, violation));
            }
            let Some((trace, violation)) = found else {
                let note = match Database::forget(&path) {
                    Ok(()) => format!("{}: passes now, forgotten", path.display()),
                    Err(error) => format!("{}: passes now: {error}", path.display()),
                };
                self.report.notes.push(note);
                continue;
            };
            if self.is_known(&violation) {
                continue;
            }
            let same = violation.is_like(&kept.violation) && trace.steps == kept.program.steps;
            if same && kept.one_minimal {
                let shrunk = Shrunk::kept(trace);
                self.found(shrunk, violation, (1, runs), Some(path));
            } else {
                self.look_into(trace);
            }
            if self.report.findings.len() >= self.settings.findings {
                break;
            }
        }
    }

    /// Shrinks a program that failed, and tells how often it does.
    pub(super) fn look_into(&mut self, trace: Trace) {
        let Some(violation) = trace.violation.clone() else {
            return;
        };
        if self.is_known(&violation) {
            return;
        }
        let shrunk = self.runtime.block_on(shrink(
            self.machine,
            trace,
            self.settings,
            &mut self.observed,
        ));
        let (mut failed, mut of) = (0, 0);
        let mut last = None;
        let end = &self.settings.end;
        while of < self.settings.confirmations {
            let steps = &shrunk.trace.steps;
            let again = self
                .runtime
                .block_on(replay(self.machine, steps, Repair::Never, end));
            if end.is_wanted() {
                break;
            }
            of += 1;
            if let Some(again) = again.violation.filter(|again| again.is_like(&violation)) {
                failed += 1;
                last = Some(again);
            }
        }
        let violation = last
            .or_else(|| shrunk.trace.violation.clone())
            .unwrap_or(violation);
        self.found(shrunk, violation, (failed, of), None);
    }

    fn found(
        &mut self,
        shrunk: Shrunk,
        violation: Violation,
        (failed, of): (u32, u32),
        kept_in: Option<std::path::PathBuf>,
    ) {
        let program = Program {
            machine: self.machine.name.clone(),
            steps: shrunk.trace.steps.clone(),
            numbered: self.machine.numbered,
        };
        let program = program.renumbered();
        let mut finding = Finding {
            violation,
            program,
            found_with: shrunk.original,
            shrinking: shrunk.account,
            reproduced: Reproduced { failed, of },
            kept_in,
            words: words_of(self.machine),
        };
        if let (Some(database), None) = (&self.database, &finding.kept_in) {
            let kept = Kept {
                violation: finding.violation.clone(),
                one_minimal: finding.shrinking.one_minimal,
                reproduced: (failed, of),
                program: finding.program.clone(),
            };
            match database.save(&kept) {
                Ok(path) => finding.kept_in = Some(path),
                Err(error) => {
                    let folder = database.folder().display();
                    let note =
                        format!("the failing program could not be kept in {folder}: {error}");
                    self.report.notes.push(note);
                }
            }
        }
        self.report.findings.push(finding);
    }

    /// What was found.
    pub(super) fn into_findings(self) -> Vec<Finding> {
        self.report.findings
    }

    /// What came of it.
    pub(super) fn into_report(mut self) -> Result<Report, ExploreError> {
        let is_whole = self.report.ended != Ended::Asked && self.settings.steps > 0;
        if is_whole && self.report.steps == 0 && self.report.findings.is_empty() {
            let state = self.stuck.pop().and_then(|stuck| stuck.state);
            return Err(ExploreError::NoProgress {
                state: state.map_or_else(|| "(no model)".to_owned(), |state| state.to_string()),
                conditions: self.report.never_held(self.machine, &self.observed),
            });
        }
        let dead_ends = self.stuck.drain(..).filter_map(|stuck| stuck.state);
        self.report.dead_ends = dead_ends.map(|state| state.to_string()).collect();
        self.report.seconds = self.started.elapsed().as_secs_f64();
        self.report.take(self.machine, &self.observed);
        Ok(self.report)
    }
}
