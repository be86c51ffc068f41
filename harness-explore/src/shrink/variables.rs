//! Taking other values from the bundles: the newest, so that earlier steps can be removed.

use super::attempt::Shrinker;
use crate::program::{Given, Step, Variable};
use crate::run::Repair;

/// The longest program in which another value is tried together with every removal.
const LONGEST_FOR_BOTH: usize = 12;

impl<S, V: Clone> Shrinker<'_, S, V> {
    /// Takes newer values, first in all arguments of a step, then in each.
    pub(super) async fn redirect_variables(&mut self) {
        for place in 0..self.best.steps.len() {
            if let Some(step) = self.all_newest(place) {
                let steps = self.with_step(place, step);
                self.attempt(steps, Repair::Newest).await;
            }
            for step in self.redirections(place) {
                let steps = self.with_step(place, step);
                self.attempt(steps, Repair::Newest).await;
            }
        }
    }

    /// Takes any other value in one argument, and removes one step with it.
    pub(super) async fn redirect_and_remove(&mut self) {
        'again: loop {
            let length = self.best.steps.len();
            if length > LONGEST_FOR_BOTH {
                return;
            }
            for place in 0..length {
                for step in self.redirections(place) {
                    for removed in self.pinned()..length {
                        let mut steps = self.with_step(place, step.clone());
                        steps.remove(removed);
                        if self.attempt(steps, Repair::Newest).await {
                            continue 'again;
                        }
                    }
                }
            }
            return;
        }
    }

    /// The step with any other value in any one of its arguments, the newest first.
    fn redirections(&self, place: usize) -> Vec<Step> {
        let Some(step) = self.best.steps.get(place) else {
            return Vec::new();
        };
        let mut redirections = Vec::new();
        for (argument, (_, given)) in step.arguments.iter().enumerate() {
            for (which, named) in given.variables().iter().enumerate() {
                for other in self.made_before(place, named) {
                    let mut redirected = step.clone();
                    if put(&mut redirected.arguments[argument].1, which, other) {
                        redirections.push(redirected);
                    }
                }
            }
        }
        redirections
    }

    /// The step with the newest value in each of its arguments, if that is another.
    fn all_newest(&self, place: usize) -> Option<Step> {
        let step = self.best.steps.get(place)?;
        let mut redirected = step.clone();
        for (_, given) in &mut redirected.arguments {
            if let Given::Variable(variable) = given
                && let Some(newest) = self.made_before(place, variable).into_iter().next()
                && newest.number > variable.number
            {
                *variable = newest;
            }
        }
        (redirected != *step).then_some(redirected)
    }

    /// The other values of a variable's bundle that were made before a step, the newest first.
    fn made_before(&self, place: usize, variable: &Variable) -> Vec<Variable> {
        let made = self.best.steps[..place].iter().rev();
        made.flat_map(|step| step.produced.iter().rev().flatten())
            .filter(|other| other.bundle == variable.bundle && *other != variable)
            .cloned()
            .collect()
    }

    fn with_step(&self, place: usize, step: Step) -> Vec<Step> {
        let mut steps = self.best.steps.clone();
        if let Some(old) = steps.get_mut(place) {
            *old = step;
        }
        steps
    }
}

/// Puts a variable into an argument; false if it is one of its variables already.
fn put(given: &mut Given, which: usize, variable: Variable) -> bool {
    match given {
        Given::Value(_) => false,
        Given::Variable(old) => {
            *old = variable;
            true
        }
        Given::Variables(variables) => {
            if variables.contains(&variable) {
                return false;
            }
            variables[which] = variable;
            true
        }
    }
}
