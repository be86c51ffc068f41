//! Cutting what lies between two equal states of the model.

use super::attempt::Shrinker;
use crate::run::Repair;

/// How many cuts in a row may fail before other passes go first.
const MOST_FAILURES: usize = 40;

impl<S, V: Clone> Shrinker<'_, S, V> {
    /// Cuts loops, the longest first.
    pub(super) async fn cut_loops(&mut self) {
        let mut failures = 0;
        'again: while failures < MOST_FAILURES {
            for (from, to) in self.loops() {
                let mut shorter = self.best.steps.clone();
                shorter.drain(from..to);
                if self.attempt(shorter, Repair::Newest).await {
                    continue 'again;
                }
                failures += 1;
                if failures >= MOST_FAILURES {
                    return;
                }
            }
            return;
        }
    }

    /// The ranges of steps that lead from a state back to it, the longest first.
    fn loops(&self) -> Vec<(usize, usize)> {
        let models = &self.best.models;
        let mut loops = Vec::new();
        for from in self.pinned()..models.len() {
            for to in from + 1..models.len() {
                if models[from].is_some() && models[from] == models[to] {
                    loops.push((from, to));
                }
            }
        }
        loops.sort_by_key(|(from, to)| std::cmp::Reverse(to - from));
        loops
    }
}
