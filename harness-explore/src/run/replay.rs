//! Replaying a program: steps that no longer apply are skipped.

use std::fmt;
use std::sync::Arc;

use super::session::{Outcome, Prepared, Session};
use super::settings::End;
use super::violation::Violation;
use crate::machine::{Machine, Source};
use crate::program::{Given, Program, Step, Variable};
use crate::strategy::Strategy;

/// What a program did: the steps that were really taken, and how it ended.
#[derive(Clone, Debug)]
pub(crate) struct Trace {
    pub steps: Vec<Step>,
    /// The state of the model at the start and after each step.
    pub models: Vec<Option<Arc<str>>>,
    pub violation: Option<Violation>,
    /// How far all values are from the simplest.
    pub rank: u128,
    /// How many newer values there were beside those that were taken from bundles.
    pub age: u64,
    /// The places of all rules in their declaration, added up.
    pub rule_sum: u64,
    /// For each step, the strategies that the state gave for its arguments, by their places.
    pub strategies: Vec<Vec<(usize, Strategy)>>,
}

impl Trace {
    pub(super) fn starting_in(model: Option<Arc<str>>) -> Trace {
        Trace {
            steps: Vec::new(),
            models: vec![model],
            violation: None,
            rank: 0,
            age: 0,
            rule_sum: 0,
            strategies: Vec::new(),
        }
    }

    /// The smaller, the simpler the program.
    pub(crate) fn simplicity(&self) -> (usize, u128, u64, u64) {
        (self.steps.len(), self.rank, self.age, self.rule_sum)
    }
}

/// What takes the place of a variable that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Repair {
    /// Nothing: the step is skipped.
    Never,
    /// The newest value of its bundle.
    Newest,
    /// The oldest.
    Oldest,
}

/// Runs the steps that apply, until something is wrong, or until it is to end.
pub(crate) async fn replay<S, V: Clone>(
    machine: &Machine<S, V>,
    steps: &[Step],
    repair: Repair,
    end: &End,
) -> Trace {
    let (mut session, mut violation) = match Session::start(machine).await {
        Ok(started) => started,
        Err(violation) => {
            let mut trace = Trace::starting_in(None);
            trace.violation = Some(violation);
            return trace;
        }
    };
    for variable in steps.iter().flat_map(|step| step.produced.iter().flatten()) {
        session.reserve(variable);
    }
    for step in steps {
        if violation.is_some() || end.is_wanted() {
            break;
        }
        let Some(prepared) = prepare(machine, &session, step, repair) else {
            continue;
        };
        if let Outcome::Violated(found) = session.perform(prepared, &step.produced).await {
            violation = Some(found);
        }
    }
    session.finish(violation).await
}

/// What the step would be given now, if it applies.
fn prepare<S, V: Clone>(
    machine: &Machine<S, V>,
    session: &Session<'_, S, V>,
    step: &Step,
    repair: Repair,
) -> Option<Prepared> {
    let index = machine
        .rules
        .iter()
        .position(|rule| rule.name == step.rule)?;
    let rule = &machine.rules[index];
    if !session.in_turn(index) {
        return None;
    }
    let state = session.state();
    if !rule
        .preconditions
        .iter()
        .all(|condition| (condition.holds)(state))
    {
        return None;
    }
    let mut prepared = Prepared {
        rule: index,
        arguments: Vec::with_capacity(rule.arguments.len()),
        rank: 0,
        age: 0,
        strategies: Vec::new(),
    };
    let mut consumed: Vec<Variable> = Vec::new();
    for (name, source) in &rule.arguments {
        let given = step
            .arguments
            .iter()
            .find(|(given, _)| given == name)
            .map(|(_, given)| given)?;
        let made;
        let strategy = match source {
            Source::Strategy(strategy) => strategy,
            Source::FromState(make) => {
                made = make(state);
                &made
            }
            Source::Bundle(draw) => {
                let takeable = session.takeable(draw, &consumed);
                let given = from_bundle(&takeable, draw, given, repair, &mut prepared.age)?;
                if draw.consumes {
                    consumed.extend_from_slice(given.variables());
                }
                prepared.arguments.push((Arc::clone(name), given));
                continue;
            }
        };
        let Given::Value(value) = given else {
            return None;
        };
        if !strategy.accepts(value) {
            return None;
        }
        prepared.rank = prepared.rank.saturating_add(strategy.rank(value));
        if let Source::FromState(_) = source {
            let place = prepared.arguments.len();
            prepared.strategies.push((place, strategy.clone()));
        }
        prepared.arguments.push((Arc::clone(name), given.clone()));
    }
    Some(prepared)
}

/// The variables to take, where those that are named can be, or others can stand in for them.
fn from_bundle<V>(
    takeable: &[u32],
    draw: &crate::machine::BundleDraw<V>,
    given: &Given,
    repair: Repair,
    age: &mut u64,
) -> Option<Given> {
    let place_of = |variable: &Variable| {
        let place = takeable
            .iter()
            .position(|number| *number == variable.number)
            .filter(|_| variable.bundle == draw.bundle);
        match repair {
            Repair::Never => place,
            Repair::Newest => place.or((!takeable.is_empty()).then_some(0)),
            Repair::Oldest => place.or(takeable.len().checked_sub(1)),
        }
    };
    let variable_at = |place: usize| Variable::new(Arc::clone(&draw.bundle), takeable[place]);
    match (given, &draw.several) {
        (Given::Variable(variable), None) => {
            let place = place_of(variable)?;
            *age += place as u64;
            Some(Given::Variable(variable_at(place)))
        }
        (Given::Variables(variables), Some(count)) => {
            let mut places: Vec<usize> = Vec::new();
            for place in variables.iter().filter_map(place_of) {
                if !places.contains(&place) {
                    places.push(place);
                }
            }
            if !count.contains(&places.len()) {
                return None;
            }
            *age += places.iter().map(|place| *place as u64 + 1).sum::<u64>();
            Some(Given::Variables(
                places.into_iter().map(variable_at).collect(),
            ))
        }
        _ => None,
    }
}

/// What became of a program that was replayed.
#[derive(Clone, Debug)]
pub struct Run {
    /// The steps that were taken: those that no longer applied are not among them.
    pub program: Program,
    /// How many steps were skipped.
    pub skipped: usize,
    /// What went wrong, if anything did.
    pub violation: Option<Violation>,
}

impl Run {
    /// Whether nothing went wrong.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.violation.is_none()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.violation {
            Some(violation) => writeln!(formatter, "{violation}")?,
            None => writeln!(formatter, "nothing went wrong")?,
        }
        if self.skipped > 0 {
            writeln!(formatter, "steps that no longer apply: {}", self.skipped)?;
        }
        let invariant = self.violation.as_ref().and_then(Violation::invariant);
        formatter.write_str(&self.program.script(invariant))
    }
}

impl Violation {
    /// The invariant that failed, if one did.
    pub(crate) fn invariant(&self) -> Option<&str> {
        match &self.place {
            super::violation::Place::Invariant(name) => Some(name),
            _ => None,
        }
    }
}
