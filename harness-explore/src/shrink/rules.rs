//! Taking simpler rules: those that are declared earlier and take the same arguments.

use std::sync::Arc;

use super::attempt::Shrinker;
use crate::run::Repair;

impl<S, V: Clone> Shrinker<'_, S, V> {
    pub(super) async fn simplify_rules(&mut self) {
        for place in self.pinned()..self.best.steps.len() {
            for rule in self.simpler_rules(place) {
                let mut steps = self.best.steps.clone();
                if let Some(step) = steps.get_mut(place) {
                    step.rule = rule;
                }
                if self.attempt(steps, Repair::Newest).await {
                    break;
                }
            }
        }
    }

    fn simpler_rules(&self, place: usize) -> Vec<Arc<str>> {
        let Some(step) = self.best.steps.get(place) else {
            return Vec::new();
        };
        let rules = self.machine.rules.iter();
        rules
            .take_while(|rule| rule.name != step.rule)
            .filter(|rule| {
                let names = rule.arguments.iter().map(|(name, _)| name);
                !rule.initial && names.eq(step.arguments.iter().map(|(name, _)| name))
            })
            .map(|rule| Arc::clone(&rule.name))
            .collect()
    }
}
