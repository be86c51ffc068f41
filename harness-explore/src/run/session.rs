//! One program under way: the system, what is in the bundles, and the steps taken so far.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures_util::FutureExt;

use super::replay::Trace;
use super::violation::{Place, Violation};
use crate::machine::{BundleDraw, Call, Machine, Passed, Rule, RuleError, Verdict};
use crate::program::{Given, Step, Variable};
use crate::strategy::Strategy;

/// The values of one bundle, the oldest first.
struct Held<V> {
    name: Arc<str>,
    next_number: u32,
    values: Vec<(u32, V)>,
}

/// One program under way.
pub(super) struct Session<'m, S, V> {
    machine: &'m Machine<S, V>,
    state: S,
    bundles: Vec<Held<V>>,
    initial_left: usize,
    initial_done: Vec<usize>,
    trace: Trace,
}

/// A step that could be taken: a rule, and what it would be given.
pub(super) struct Prepared {
    pub rule: usize,
    pub arguments: Vec<(Arc<str>, Given)>,
    /// How far the values are from the simplest.
    pub rank: u128,
    /// How many newer values there were beside those taken from bundles.
    pub age: u64,
    /// The strategies that the state gave, each for the argument of this place.
    pub strategies: Vec<(usize, Strategy)>,
}

/// What became of a step.
pub(super) enum Outcome {
    Done,
    /// The rule did not apply, after all.
    Skipped,
    Violated(Violation),
}

impl<'m, S, V: Clone> Session<'m, S, V> {
    /// Starts the system, and checks what must hold from the beginning.
    pub(super) async fn start(
        machine: &'m Machine<S, V>,
    ) -> Result<(Self, Option<Violation>), Violation> {
        let state = limited(machine, machine.start.start())
            .await
            .map_err(|error| violation(Place::Start, &error))?;
        let mut session = Session {
            initial_left: machine.rules.iter().filter(|rule| rule.initial).count(),
            initial_done: Vec::new(),
            trace: Trace::starting_in(machine.model_of(&state)),
            bundles: bundles_of(machine),
            machine,
            state,
        };
        let violation = session.check_invariants().await.err();
        Ok((session, violation))
    }

    pub(super) fn state(&self) -> &S {
        &self.state
    }

    /// The state of the model, if there is one.
    pub(super) fn model(&self) -> Option<&Arc<str>> {
        self.trace.models.last().and_then(Option::as_ref)
    }

    /// Whether it is the rule's turn, apart from preconditions and bundles: initial rules come
    /// first, and once.
    pub(super) fn in_turn(&self, rule: usize) -> bool {
        let initial = self.machine.rules[rule].initial;
        initial == (self.initial_left > 0) && !(initial && self.initial_done.contains(&rule))
    }

    /// The values that could be taken from a bundle by a step that takes others already, the
    /// newest first: their numbers.
    pub(super) fn takeable(&self, draw: &BundleDraw<V>, taken: &[Variable]) -> Vec<u32> {
        let is_free = |number: u32| {
            let same = |other: &Variable| other.bundle == draw.bundle && other.number == number;
            !taken.iter().any(same)
        };
        let values = self.held(&draw.bundle).map_or(&[][..], |held| &held.values);
        values
            .iter()
            .rev()
            .filter(|(number, value)| draw.takes(value) && is_free(*number))
            .map(|(number, _)| *number)
            .collect()
    }

    /// How many values could be taken from a bundle.
    pub(super) fn count_takeable(&self, draw: &BundleDraw<V>) -> usize {
        let values = self.held(&draw.bundle).map_or(&[][..], |held| &held.values);
        values.iter().filter(|(_, value)| draw.takes(value)).count()
    }

    /// How many values each bundle holds.
    pub(super) fn bundle_sizes(&self) -> impl Iterator<Item = (&Arc<str>, usize)> {
        self.bundles
            .iter()
            .map(|held| (&held.name, held.values.len()))
    }

    /// Keeps numbers free for the variables that a program names.
    pub(super) fn reserve(&mut self, variable: &Variable) {
        if let Some(held) = self.held_mut(&variable.bundle) {
            held.next_number = held.next_number.max(variable.number.saturating_add(1));
        }
    }

    /// Takes a step. Names are the names that a program has for what the step produces; without
    /// them new ones are made.
    pub(super) async fn perform(&mut self, prepared: Prepared, names: &[Vec<Variable>]) -> Outcome {
        let machine = self.machine;
        let rule = &machine.rules[prepared.rule];
        let place = || Place::Rule(Arc::clone(&rule.name));
        let Some(call) = self.call(&prepared.arguments) else {
            return Outcome::Skipped;
        };
        let Some(routine) = &rule.routine else {
            return Outcome::Skipped;
        };
        let ran = limited(machine, routine.run(&mut self.state, call)).await;
        if matches!(&ran, Err(error) if error.verdict() == Verdict::Skipped) {
            return Outcome::Skipped;
        }
        let mut step = Step {
            rule: Arc::clone(&rule.name),
            arguments: prepared.arguments,
            produced: Vec::new(),
        };
        let failed = match ran {
            Ok(produced) => {
                self.consume(rule, &step);
                step.produced = self.keep(rule, produced.into_values(), names);
                if !step.produced.is_empty() && rule.targets.is_empty() {
                    let error = RuleError::failed("it produces values, but fills no bundle")
                        .of_kind("values without a bundle");
                    Some(violation(place(), &error))
                } else {
                    None
                }
            }
            Err(error) => Some(violation(place(), &error)),
        };
        self.trace.steps.push(step);
        self.trace.rank = self.trace.rank.saturating_add(prepared.rank);
        self.trace.age += prepared.age;
        self.trace.strategies.push(prepared.strategies);
        self.trace.rule_sum += prepared.rule as u64;
        self.trace.models.push(machine.model_of(&self.state));
        if rule.initial {
            self.initial_left -= 1;
            self.initial_done.push(prepared.rule);
        }
        if let Some(violation) = failed {
            return Outcome::Violated(violation);
        }
        match self.check_invariants().await {
            Ok(()) => Outcome::Done,
            Err(violation) => Outcome::Violated(violation),
        }
    }

    /// Ends the program: the teardown runs, whatever has happened.
    pub(super) async fn finish(mut self, violated: Option<Violation>) -> Trace {
        let torn = match &self.machine.teardown {
            Some(teardown) => limited(self.machine, teardown.check(&mut self.state)).await,
            None => Ok(()),
        };
        self.trace.violation = match (violated, torn) {
            (violated, Ok(())) => violated,
            (None, Err(error)) => Some(violation(Place::Teardown, &error)),
            (Some(first), Err(error)) => Some(Violation {
                teardown: Some(error.to_string()),
                ..first
            }),
        };
        self.trace
    }

    async fn check_invariants(&mut self) -> Result<(), Violation> {
        for invariant in &self.machine.invariants {
            let due = (self.initial_left == 0 || invariant.during_initial)
                && invariant
                    .preconditions
                    .iter()
                    .all(|condition| (condition.holds)(&self.state));
            if due {
                limited(self.machine, invariant.check.check(&mut self.state))
                    .await
                    .or_else(skip_is_no_failure)
                    .map_err(|error| {
                        violation(Place::Invariant(Arc::clone(&invariant.name)), &error)
                    })?;
            }
        }
        Ok(())
    }

    fn held(&self, bundle: &str) -> Option<&Held<V>> {
        self.bundles.iter().find(|held| &*held.name == bundle)
    }

    fn held_mut(&mut self, bundle: &str) -> Option<&mut Held<V>> {
        self.bundles.iter_mut().find(|held| &*held.name == bundle)
    }

    fn value_of(&self, variable: &Variable) -> Option<V> {
        let values = &self.held(&variable.bundle)?.values;
        let found = values
            .iter()
            .find(|(number, _)| *number == variable.number)?;
        Some(found.1.clone())
    }

    fn call(&self, arguments: &[(Arc<str>, Given)]) -> Option<Call<V>> {
        let passed = arguments.iter().map(|(name, given)| {
            let passed = match given {
                Given::Value(value) => Passed::Value(value.clone()),
                Given::Variable(variable) => Passed::Variable(self.value_of(variable)?),
                Given::Variables(variables) => Passed::Variables(
                    variables
                        .iter()
                        .map(|variable| self.value_of(variable))
                        .collect::<Option<_>>()?,
                ),
            };
            Some((Arc::clone(name), passed))
        });
        passed.collect::<Option<_>>().map(Call::new)
    }

    fn consume(&mut self, rule: &Rule<S, V>, step: &Step) {
        for ((_, source), (_, given)) in rule.arguments.iter().zip(&step.arguments) {
            let crate::machine::Source::Bundle(draw) = source else {
                continue;
            };
            if !draw.consumes {
                continue;
            }
            if let Some(held) = self.held_mut(&draw.bundle) {
                let taken = given.variables();
                held.values
                    .retain(|(number, _)| taken.iter().all(|variable| variable.number != *number));
            }
        }
    }

    /// Puts values into the rule's bundles, and tells their names.
    fn keep(
        &mut self,
        rule: &Rule<S, V>,
        values: Vec<V>,
        names: &[Vec<Variable>],
    ) -> Vec<Vec<Variable>> {
        let mut produced = Vec::with_capacity(values.len());
        for (place, value) in values.into_iter().enumerate() {
            let mut variables = Vec::with_capacity(rule.targets.len());
            for (target, bundle) in rule.targets.iter().enumerate() {
                let named = names.get(place).and_then(|names| names.get(target));
                let Some(held) = self.held_mut(bundle) else {
                    continue;
                };
                let number = match named {
                    Some(variable) if *variable.bundle == **bundle => variable.number,
                    _ => {
                        held.next_number += 1;
                        held.next_number - 1
                    }
                };
                held.values.push((number, value.clone()));
                variables.push(Variable::new(Arc::clone(bundle), number));
            }
            produced.push(variables);
        }
        produced
    }
}

fn bundles_of<S, V>(machine: &Machine<S, V>) -> Vec<Held<V>> {
    let mut bundles: Vec<Held<V>> = Vec::new();
    for target in machine.rules.iter().flat_map(|rule| &rule.targets) {
        if bundles.iter().all(|held| held.name != *target) {
            bundles.push(Held {
                name: Arc::clone(target),
                next_number: 0,
                values: Vec::new(),
            });
        }
    }
    bundles
}

/// Waits for a routine no longer than the machine allows; a panic is a failure like any other.
async fn limited<S, V, T>(
    machine: &Machine<S, V>,
    routine: impl Future<Output = Result<T, RuleError>>,
) -> Result<T, RuleError> {
    let caught = AssertUnwindSafe(routine).catch_unwind();
    match tokio::time::timeout(machine.step_limit, caught).await {
        Ok(Ok(result)) => result,
        Ok(Err(payload)) => {
            let said = payload
                .downcast_ref::<&str>()
                .map(ToString::to_string)
                .or_else(|| payload.downcast_ref::<String>().cloned());
            let said = said.unwrap_or_else(|| "a panic without a message".to_owned());
            Err(RuleError::failed(said).of_kind("panic"))
        }
        Err(_) => Err(RuleError::failed(format!(
            "took longer than {:?} and was given up",
            machine.step_limit
        ))
        .of_kind("timeout")),
    }
}

fn skip_is_no_failure(error: RuleError) -> Result<(), RuleError> {
    match error.verdict() {
        Verdict::Skipped => Ok(()),
        Verdict::Failed => Err(error),
    }
}

fn violation(place: Place, error: &RuleError) -> Violation {
    Violation {
        place,
        kind: error.kind().to_owned(),
        anywhere: error.is_anywhere(),
        message: error.to_string(),
        teardown: None,
    }
}
