//! Removing steps: many at once, then one by one, then two at a time.

use super::attempt::Shrinker;
use crate::program::Step;
use crate::run::Repair;

/// The longest program of which pairs of steps are removed.
const LONGEST_FOR_PAIRS: usize = 16;

impl<S, V: Clone> Shrinker<'_, S, V> {
    /// Removes halves, quarters, and so on, from the back.
    pub(super) async fn remove_chunks(&mut self) {
        let mut size = self.best.steps.len() / 2;
        while size > 1 {
            let mut end = self.best.steps.len();
            while end > self.pinned() {
                let start = end.saturating_sub(size).max(self.pinned());
                self.attempt(self.without(start, end), Repair::Newest).await;
                end = start.min(self.best.steps.len());
            }
            size /= 2;
        }
    }

    /// Removes single steps until none can be.
    pub(super) async fn remove_single_steps(&mut self) {
        let mut place = self.best.steps.len();
        while place > 0 {
            place -= 1;
            if place < self.best.steps.len() && self.remove_one(place).await {
                // what could not be removed before may be removed now
                place = self.best.steps.len();
            }
        }
    }

    /// Whether without any single step the program does not fail: each removal was tried.
    pub(super) async fn each_step_is_needed(&mut self) -> bool {
        for place in 0..self.best.steps.len() {
            if self.remove_one(place).await {
                return false;
            }
        }
        true
    }

    async fn remove_one(&mut self, place: usize) -> bool {
        if self.is_pinned(&self.best.steps[place]) {
            return false;
        }
        let shorter = self.without(place, place + 1);
        if self.attempt(shorter.clone(), Repair::Newest).await {
            return true;
        }
        // only what others need can be made up for in more than one way
        let missed = self.best.steps[place].produced.iter().flatten();
        let missed = missed.filter(|variable| {
            shorter
                .iter()
                .any(|step| step.needs().any(|needed| needed == *variable))
        });
        missed.count() > 0 && self.attempt(shorter, Repair::Oldest).await
    }

    /// Removes two steps at a time from a short program.
    pub(super) async fn remove_pairs(&mut self) {
        'again: loop {
            let length = self.best.steps.len();
            if length > LONGEST_FOR_PAIRS {
                return;
            }
            for first in self.pinned()..length {
                for second in first + 1..length {
                    let mut shorter = self.best.steps.clone();
                    shorter.remove(second);
                    shorter.remove(first);
                    if self.attempt(shorter, Repair::Newest).await {
                        continue 'again;
                    }
                }
            }
            return;
        }
    }

    fn without(&self, start: usize, end: usize) -> Vec<Step> {
        let mut steps = self.best.steps.clone();
        steps.drain(start..end.min(steps.len()));
        steps
    }
}
