//! Making a program, step by step, from what could be done now.

use std::sync::Arc;

use super::choices::{Choices, Ended};
use super::observed::Observed;
use super::replay::Trace;
use super::session::{Outcome, Prepared, Session};
use super::settings::Settings;
use crate::machine::{Machine, Source};
use crate::program::{Given, Variable};

/// How often a step may be skipped, for each step that is wanted, before the program is ended.
const SKIPS_FOR_A_STEP: usize = 10;

/// Which rules a program may choose, and how it chooses among them.
struct Manner {
    /// Leaves out a rule where a number below 256 is below this one.
    sparing: u64,
    /// For each rule whether it is left out, once that was drawn.
    left_out: Vec<Option<bool>>,
    /// Prefers what was done least in this state of the model.
    curious: bool,
}

/// Why nothing more could be done.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Stuck {
    pub state: Option<Arc<str>>,
}

/// Runs one program, with steps chosen as it goes.
pub(super) async fn generate<S, V: Clone>(
    machine: &Machine<S, V>,
    settings: &Settings,
    choices: &mut Choices<'_>,
    observed: &mut Observed,
) -> (Trace, Option<Stuck>) {
    let (mut session, mut violation) = match Session::start(machine).await {
        Ok(started) => started,
        Err(violation) => {
            let mut trace = Trace::starting_in(None);
            trace.violation = Some(violation);
            return (trace, None);
        }
    };
    let (steps, end) = (settings.steps, &settings.end);
    let mut stuck = None;
    let mut taken = 0;
    let mut skipped = 0;
    let mut manner = Manner::drawn(machine, choices);
    let goes_on = |taken, skipped| taken < steps && skipped < SKIPS_FOR_A_STEP * steps;
    while violation.is_none() && goes_on(taken, skipped) && !end.is_wanted() {
        let Ok(manner) = manner.as_mut() else { break };
        let rule = match choose(machine, &session, manner, choices, observed) {
            Ok(Some(rule)) => rule,
            Ok(None) => {
                let state = session.model().cloned();
                stuck = (taken < steps).then_some(Stuck { state });
                break;
            }
            Err(Ended) => break,
        };
        let prepared = match prepare(machine, &session, rule, choices) {
            Ok(Some(prepared)) => prepared,
            Ok(None) => {
                skipped += 1;
                continue;
            }
            Err(Ended) => break,
        };
        let before = session.model().cloned();
        match session.perform(prepared, &[]).await {
            Outcome::Skipped => {
                skipped += 1;
                observed.rules[rule].skipped += 1;
                continue;
            }
            Outcome::Violated(found) => violation = Some(found),
            Outcome::Done => {}
        }
        taken += 1;
        note_step(machine, &session, rule, before, observed);
    }
    (session.finish(violation).await, stuck)
}

impl Manner {
    fn drawn<S, V>(machine: &Machine<S, V>, choices: &mut Choices<'_>) -> Result<Manner, Ended> {
        Ok(Manner {
            sparing: choices.below(2)? * choices.below(256)?,
            left_out: vec![None; machine.rules.len()],
            curious: choices.below(2)? == 1,
        })
    }

    fn leaves_out(&mut self, rule: usize, choices: &mut Choices<'_>) -> Result<bool, Ended> {
        if self.sparing == 0 {
            return Ok(false);
        }
        if let Some(known) = self.left_out[rule] {
            return Ok(known);
        }
        let left_out = choices.below(256)? < self.sparing;
        self.left_out[rule] = Some(left_out);
        Ok(left_out)
    }
}

/// A rule that could run now; none if nothing could.
fn choose<S, V: Clone>(
    machine: &Machine<S, V>,
    session: &Session<'_, S, V>,
    manner: &mut Manner,
    choices: &mut Choices<'_>,
    observed: &mut Observed,
) -> Result<Option<usize>, Ended> {
    let enabled = enabled(machine, session, observed);
    let mut candidates = Vec::with_capacity(enabled.len());
    for &rule in &enabled {
        if machine.rules[rule].initial || !manner.leaves_out(rule, choices)? {
            candidates.push(rule);
        }
    }
    if candidates.is_empty() {
        candidates = enabled;
    }
    if manner.curious
        && let Some(counts) = session
            .model()
            .and_then(|model| observed.in_state.get(model))
        && let Some(least) = candidates.iter().map(|&rule| counts[rule]).min()
    {
        candidates.retain(|&rule| counts[rule] == least);
    }
    let weight_of = |rule: usize| u64::from(machine.rules[rule].weight);
    let total: u64 = candidates.iter().map(|&rule| weight_of(rule)).sum();
    if total == 0 {
        return Ok(None);
    }
    let mut left = choices.below(total)?;
    for &rule in &candidates {
        match left.checked_sub(weight_of(rule)) {
            None => return Ok(Some(rule)),
            Some(rest) => left = rest,
        }
    }
    Ok(candidates.last().copied())
}

/// The rules whose preconditions hold and whose bundles are filled.
fn enabled<S, V: Clone>(
    machine: &Machine<S, V>,
    session: &Session<'_, S, V>,
    observed: &mut Observed,
) -> Vec<usize> {
    let mut enabled = Vec::with_capacity(machine.rules.len());
    for (index, rule) in machine.rules.iter().enumerate() {
        if !session.in_turn(index) {
            continue;
        }
        let count = &mut observed.rules[index];
        count.considered += 1;
        let mut can_run = true;
        for (held, condition) in count.held.iter_mut().zip(&rule.preconditions) {
            let holds = (condition.holds)(session.state());
            *held += u64::from(holds);
            can_run &= holds;
        }
        can_run = can_run
            && rule.arguments.iter().all(|(_, source)| match source {
                Source::Bundle(draw) => {
                    draw.needs() == 0 || session.count_takeable(draw) >= draw.needs()
                }
                _ => true,
            });
        count.enabled += u64::from(can_run);
        if can_run {
            enabled.push(index);
        }
    }
    enabled
}

/// The arguments of a step. None if two of them want the same value, which can be taken only once.
fn prepare<S, V: Clone>(
    machine: &Machine<S, V>,
    session: &Session<'_, S, V>,
    rule: usize,
    choices: &mut Choices<'_>,
) -> Result<Option<Prepared>, Ended> {
    let declared = &machine.rules[rule].arguments;
    let mut prepared = Prepared {
        rule,
        arguments: Vec::with_capacity(declared.len()),
        rank: 0,
        age: 0,
        strategies: Vec::new(),
    };
    let mut consumed: Vec<Variable> = Vec::new();
    for (name, source) in declared {
        let made;
        let strategy = match source {
            Source::Strategy(strategy) => strategy,
            Source::FromState(make) => {
                made = make(session.state());
                &made
            }
            Source::Bundle(draw) => {
                let mut takeable = session.takeable(draw, &consumed);
                let count = match &draw.several {
                    None => 1,
                    Some(range) => {
                        let most = (*range.end()).min(takeable.len());
                        let Some(spare) = most.checked_sub(*range.start()) else {
                            return Ok(None);
                        };
                        range.start() + choices.below(spare as u64 + 1)? as usize
                    }
                };
                let mut variables = Vec::with_capacity(count);
                for _ in 0..count {
                    if takeable.is_empty() {
                        return Ok(None);
                    }
                    let place = choices.below(takeable.len() as u64)? as usize;
                    let number = takeable.remove(place);
                    variables.push(Variable::new(Arc::clone(&draw.bundle), number));
                }
                if draw.consumes {
                    consumed.extend_from_slice(&variables);
                }
                let given = match (&draw.several, variables.pop()) {
                    (None, Some(variable)) => Given::Variable(variable),
                    (_, last) => {
                        variables.extend(last);
                        Given::Variables(variables)
                    }
                };
                prepared.arguments.push((Arc::clone(name), given));
                continue;
            }
        };
        let value = choices.value(strategy)?;
        prepared
            .arguments
            .push((Arc::clone(name), Given::Value(value)));
    }
    Ok(Some(prepared))
}

fn note_step<S, V: Clone>(
    machine: &Machine<S, V>,
    session: &Session<'_, S, V>,
    rule: usize,
    before: Option<Arc<str>>,
    observed: &mut Observed,
) {
    observed.rules[rule].run += 1;
    if let Some(state) = before {
        let rules = machine.rules.len();
        let counts = observed
            .in_state
            .entry(state)
            .or_insert_with(|| vec![0; rules]);
        counts[rule] += 1;
    }
    for (bundle, size) in session.bundle_sizes() {
        match observed.bundles.get_mut(bundle) {
            Some(most) => *most = size.max(*most),
            None => {
                observed.bundles.insert(Arc::clone(bundle), size);
            }
        }
    }
}
