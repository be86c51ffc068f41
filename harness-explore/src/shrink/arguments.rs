//! Simplifying values: equal ones everywhere at once, then each by itself.

use serde_json::Value;

use super::attempt::Shrinker;
use crate::machine::Source;
use crate::program::{Given, Step};
use crate::run::Repair;
use crate::strategy::{leaves, rank, simpler, with_leaf};

impl<S, V: Clone> Shrinker<'_, S, V> {
    pub(super) async fn simplify_arguments(&mut self) {
        self.simplify_equal_values().await;
        for place in 0..self.best.steps.len() {
            let arguments = self.best.steps.get(place).map_or(0, |s| s.arguments.len());
            for argument in 0..arguments {
                while self.simplify_one(place, argument).await {}
            }
        }
    }

    /// Simplifies numbers and texts that stand in several places, in all of them at once: only
    /// together do identifiers stay equal.
    async fn simplify_equal_values(&mut self) {
        'again: loop {
            let mut all: Vec<Value> = self.values().flat_map(leaves).collect();
            all.sort_by_key(rank);
            let mut repeated: Vec<Value> = Vec::new();
            for pair in all.windows(2) {
                if pair[0] == pair[1] && repeated.last() != Some(&pair[0]) {
                    repeated.push(pair[0].clone());
                }
            }
            for leaf in repeated.iter().rev() {
                for simple in simpler(leaf) {
                    let steps = self.with_all(leaf, &simple);
                    if self.attempt(steps, Repair::Newest).await {
                        continue 'again;
                    }
                }
            }
            return;
        }
    }

    async fn simplify_one(&mut self, place: usize, argument: usize) -> bool {
        for value in self.simpler_values(place, argument) {
            let mut steps = self.best.steps.clone();
            steps[place].arguments[argument].1 = Given::Value(value);
            if self.attempt(steps, Repair::Newest).await {
                return place < self.best.steps.len();
            }
        }
        false
    }

    /// What the value could be simplified to, by the strategy that it had when it was last run.
    fn simpler_values(&self, place: usize, argument: usize) -> Vec<Value> {
        let Some(step) = self.best.steps.get(place) else {
            return Vec::new();
        };
        let Some((name, Given::Value(value))) = step.arguments.get(argument) else {
            return Vec::new();
        };
        let rule = self
            .machine
            .rules
            .iter()
            .find(|rule| rule.name == step.rule);
        let source = rule.and_then(|rule| {
            let found = rule.arguments.iter().find(|(other, _)| other == name);
            found.map(|(_, source)| source)
        });
        match source {
            Some(Source::Strategy(strategy)) => strategy.simpler(value),
            _ => {
                let given = self.best.strategies.get(place).into_iter().flatten();
                let mut own = given.filter(|(other, _)| *other == argument);
                own.next()
                    .map_or_else(|| simpler(value), |(_, strategy)| strategy.simpler(value))
            }
        }
    }

    fn values(&self) -> impl Iterator<Item = &Value> {
        let arguments = self.best.steps.iter().flat_map(|step| &step.arguments);
        arguments.filter_map(|(_, given)| match given {
            Given::Value(value) => Some(value),
            _ => None,
        })
    }

    fn with_all(&self, leaf: &Value, other: &Value) -> Vec<Step> {
        let mut steps = self.best.steps.clone();
        for (_, given) in steps.iter_mut().flat_map(|step| &mut step.arguments) {
            if let Given::Value(value) = given {
                *value = with_leaf(value, leaf, other);
            }
        }
        steps
    }
}
