//! The order of the passes, and what became of them.

use std::time::Instant;

use super::attempt::{Shrinker, Tries};
use crate::machine::Machine;
use crate::report::Shrinking;
use crate::run::{Observed, Repair, Settings, Trace};

/// How often the program is run first, to see whether it fails every time.
const FIRST_RUNS: u32 = 3;
/// How often it is run until it fails again, before it is given up.
const PATIENCE: u32 = 20;

/// A program that was shrunk.
pub(crate) struct Shrunk {
    pub trace: Trace,
    /// How many steps it had before.
    pub original: usize,
    pub account: Shrinking,
}

impl Shrunk {
    /// One that was shrunk in an earlier run.
    pub(crate) fn kept(trace: Trace) -> Shrunk {
        Shrunk {
            original: trace.steps.len(),
            trace,
            account: Shrinking {
                one_minimal: true,
                ..Shrinking::default()
            },
        }
    }
}

/// Shrinks a program until no pass changes it any more.
pub(crate) async fn shrink<S, V: Clone>(
    machine: &Machine<S, V>,
    trace: Trace,
    settings: &Settings,
    observed: &mut Observed,
) -> Shrunk {
    let started = Instant::now();
    let original = trace.steps.len();
    let Some(violation) = trace.violation.clone() else {
        return Shrunk::kept(trace);
    };
    let mut shrinker = Shrinker::new(machine, trace, violation, settings, observed);
    let mut account = Shrinking::default();
    if shrinker.measure().await {
        shrinker.all_passes().await;
        account.one_minimal = shrinker.each_step_is_needed().await && !shrinker.exhausted;
        if shrinker.exhausted {
            account.cut_short = Some(format!("ended after {} runs", shrinker.runs));
        }
    } else {
        let runs = shrinker.runs;
        account.cut_short = Some(format!("it did not fail again in {runs} runs"));
    }
    if shrinker.is_to_end() {
        account.cut_short = Some(format!("it was to end, after {} runs", shrinker.runs));
    }
    account.runs = shrinker.runs;
    account.seconds = started.elapsed().as_secs_f64();
    Shrunk {
        trace: shrinker.best,
        original,
        account,
    }
}

impl<S, V: Clone> Shrinker<'_, S, V> {
    /// How often the program fails when it is run again; whether it does at all.
    async fn measure(&mut self) -> bool {
        let steps = self.best.steps.clone();
        let (mut failed, mut of) = (0, 0);
        while of < FIRST_RUNS || (failed == 0 && of < PATIENCE) {
            of += 1;
            if let Some(trace) = self.run_once(&steps, Repair::Never).await {
                failed += 1;
                // the replayed one knows how simple it is
                self.best = trace;
            }
        }
        self.set_tries(Tries::for_rate(failed, of));
        failed > 0
    }

    async fn all_passes(&mut self) {
        loop {
            let before = self.best.simplicity();
            self.cut_loops().await;
            self.remove_chunks().await;
            self.remove_single_steps().await;
            self.take_shortcuts().await;
            self.redirect_variables().await;
            self.simplify_arguments().await;
            self.simplify_rules().await;
            if self.best.simplicity() == before {
                self.remove_pairs().await;
                self.redirect_and_remove().await;
            }
            if self.best.simplicity() == before || self.exhausted {
                return;
            }
        }
    }
}
