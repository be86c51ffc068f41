//! Trying a candidate: replayed once, or as often as a failure that comes and goes needs.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Instant;

use crate::machine::Machine;
use crate::program::Step;
use crate::run::{End, Observed, Repair, Settings, Trace, Violation, replay};

/// How often a candidate is tried at most where the failure comes and goes.
const MOST_TRIES: u32 = 10;

/// How often a candidate must fail, out of how many tries, to count as failing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tries {
    pub of: u32,
    pub needed: u32,
}

impl Tries {
    /// Enough tries to see a failure that came `failed` times out of `of`; half of what is to be
    /// expected of it is enough.
    pub(super) fn for_rate(failed: u32, of: u32) -> Tries {
        if failed >= of {
            return Tries { of: 1, needed: 1 };
        }
        let tries = (3 * of).div_ceil(failed.max(1)).clamp(2, MOST_TRIES);
        let expected = (tries * failed) as f64 / of as f64;
        Tries {
            of: tries,
            needed: ((expected / 2.0).round() as u32).max(1),
        }
    }
}

/// A program being shrunk.
pub(super) struct Shrinker<'m, S, V> {
    pub machine: &'m Machine<S, V>,
    pub best: Trace,
    pub observed: &'m mut Observed,
    pub runs: u64,
    violation: Violation,
    tries: Tries,
    tried: HashSet<u64>,
    most_runs: u64,
    deadline: Option<Instant>,
    end: End,
    /// Whether a candidate was given up because there was no budget left.
    pub exhausted: bool,
}

impl<'m, S, V: Clone> Shrinker<'m, S, V> {
    pub(super) fn new(
        machine: &'m Machine<S, V>,
        best: Trace,
        violation: Violation,
        settings: &Settings,
        observed: &'m mut Observed,
    ) -> Self {
        Shrinker {
            machine,
            best,
            observed,
            runs: 0,
            violation,
            tries: Tries { of: 1, needed: 1 },
            tried: HashSet::new(),
            most_runs: settings.shrink_runs,
            deadline: Instant::now().checked_add(settings.shrink_time),
            end: settings.end.clone(),
            exhausted: false,
        }
    }

    pub(super) fn set_tries(&mut self, tries: Tries) {
        self.tries = tries;
    }

    /// Runs a program once; what it did, if it failed as it should.
    pub(super) async fn run_once(&mut self, steps: &[Step], repair: Repair) -> Option<Trace> {
        self.runs += 1;
        let trace = replay(self.machine, steps, repair, &self.end).await;
        self.observed.learn(&trace);
        let found = trace.violation.as_ref()?;
        found.is_like(&self.violation).then_some(trace)
    }

    /// Takes a candidate over if it fails and is simpler.
    pub(super) async fn attempt(&mut self, candidate: Vec<Step>, repair: Repair) -> bool {
        let mut hasher = DefaultHasher::new();
        (&candidate, repair).hash(&mut hasher);
        if self.tried.contains(&hasher.finish()) {
            return false;
        }
        if self.out_of_budget() {
            self.exhausted = true;
            return false;
        }
        self.tried.insert(hasher.finish());
        let mut failed = 0;
        for done in 0..self.tries.of {
            if let Some(trace) = self.run_once(&candidate, repair).await {
                failed += 1;
                if failed >= self.tries.needed {
                    let simpler = trace.simplicity() < self.best.simplicity();
                    if simpler {
                        self.best = trace;
                    }
                    return simpler;
                }
            }
            let left = self.tries.of - done - 1;
            if failed + left < self.tries.needed {
                break;
            }
        }
        false
    }

    /// Whether it is to end before its time.
    pub(super) fn is_to_end(&self) -> bool {
        self.end.is_wanted()
    }

    fn out_of_budget(&self) -> bool {
        self.runs >= self.most_runs
            || self.deadline.is_some_and(|end| Instant::now() >= end)
            || self.is_to_end()
    }

    /// Whether a step must stay: initial rules run in every program.
    pub(super) fn is_pinned(&self, step: &Step) -> bool {
        self.machine
            .rules
            .iter()
            .any(|rule| rule.initial && rule.name == step.rule)
    }

    /// The steps that must stay, where they are all in front.
    pub(super) fn pinned(&self) -> usize {
        self.best
            .steps
            .iter()
            .take_while(|step| self.is_pinned(step))
            .count()
    }
}
