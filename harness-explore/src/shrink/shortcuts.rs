//! Going to the failing state by the shortest way that was ever seen.
//!
//! Cutting loops leaves a way without detours through the same state, which need not be the
//! shortest. Every run, failed or not, has shown which steps lead where; what it has not shown of
//! the nearest states is tried now.

use std::sync::Arc;

use super::attempt::Shrinker;
use crate::program::Step;
use crate::run::Repair;

/// How many steps that were never seen are tried at most.
const MOST_TRIALS: usize = 500;

impl<S, V: Clone> Shrinker<'_, S, V> {
    pub(super) async fn take_shortcuts(&mut self) {
        self.go_the_shortest_way().await;
        if self.look_around().await {
            self.go_the_shortest_way().await;
        }
    }

    /// Replaces all that leads to the last state, or to the last but one, by the shortest way.
    async fn go_the_shortest_way(&mut self) {
        let pinned = self.pinned();
        let Some(start) = self.model_at(pinned) else {
            return;
        };
        let length = self.best.steps.len();
        for (goal, kept) in [(length, length), (length.saturating_sub(1), length - 1)] {
            let Some(state) = self.model_at(goal) else {
                continue;
            };
            let ways = self.observed.shortest_from(&start);
            let Some((_, way)) = ways.into_iter().find(|(other, _)| *other == state) else {
                continue;
            };
            if pinned + way.len() + (length - kept) >= length || kept < pinned {
                continue;
            }
            let mut steps = self.best.steps[..pinned].to_vec();
            steps.extend(way);
            steps.extend_from_slice(&self.best.steps[kept..]);
            if self.attempt(steps, Repair::Newest).await {
                return;
            }
        }
    }

    /// Tries what was never done in the states that are near enough to matter. Whether anything
    /// was left to try.
    async fn look_around(&mut self) -> bool {
        let pinned = self.pinned();
        let Some(start) = self.model_at(pinned) else {
            return false;
        };
        let mut trials = 0;
        loop {
            let untried = self.untried(&start, pinned);
            if untried.is_empty() || trials >= MOST_TRIALS || self.exhausted {
                return trials > 0;
            }
            for (way, step) in untried {
                trials += 1;
                let mut steps = self.best.steps[..pinned.min(self.best.steps.len())].to_vec();
                steps.extend(way);
                steps.push(step);
                self.attempt(steps, Repair::Never).await;
                if trials >= MOST_TRIALS || self.exhausted {
                    break;
                }
            }
        }
    }

    /// Steps of rules without arguments that were never seen in a state near the start, each with
    /// the way there. What was tried and did not apply is left out, too.
    fn untried(&mut self, start: &Arc<str>, pinned: usize) -> Vec<(Vec<Step>, Step)> {
        let longest = self.best.steps.len().saturating_sub(pinned + 1);
        let mut untried = Vec::new();
        for (state, way) in self.observed.shortest_from(start) {
            if way.len() + 1 > longest {
                continue;
            }
            for rule in &self.machine.rules {
                let plain = rule.arguments.is_empty() && !rule.initial;
                if plain && self.observed.tries_first(&state, &rule.name) {
                    untried.push((way.clone(), Step::of(Arc::clone(&rule.name))));
                }
            }
        }
        untried
    }

    fn model_at(&self, place: usize) -> Option<Arc<str>> {
        self.best.models.get(place).cloned().flatten()
    }
}
