//! What a machine must be for any program of it to run.

use std::collections::HashSet;

use thiserror::Error;

use super::declaration::Machine;
use super::rule::{Rule, Source};

/// Why a machine can not be explored.
#[derive(Clone, Debug, Error, PartialEq)]
#[non_exhaustive]
pub enum MachineError {
    /// There is nothing to do.
    #[error("machine {machine} has no rules")]
    NoRules {
        /// The machine.
        machine: String,
    },
    /// Two rules, two invariants, or a rule and an invariant are called the same.
    #[error("{name} is declared twice: rules and invariants need names of their own")]
    Twice {
        /// The name.
        name: String,
    },
    /// Two arguments of a rule are called the same.
    #[error("rule {rule} has two arguments {argument}")]
    ArgumentTwice {
        /// The rule.
        rule: String,
        /// The argument.
        argument: String,
    },
    /// A rule was declared without what it does.
    #[error("rule {rule} does nothing: say what with `run`")]
    NothingToRun {
        /// The rule.
        rule: String,
    },
    /// A rule would never be chosen.
    #[error("rule {rule} has a weight of 0: leave it out, or give it a weight of 1 or more")]
    NoWeight {
        /// The rule.
        rule: String,
    },
    /// An initial rule has preconditions, though it must run in every program.
    #[error("rule {rule} is initial and has preconditions: initial rules always run")]
    ConditionalInitial {
        /// The rule.
        rule: String,
    },
    /// No rule that can run fills the bundle that a rule takes its argument from.
    #[error("rule {rule} can never run: no rule that can fills the bundle {bundle}")]
    NothingFills {
        /// The rule.
        rule: String,
        /// The bundle.
        bundle: String,
    },
    /// A range of counts is empty.
    #[error("rule {rule} takes several values for {argument}, but the range of how many is empty")]
    EmptyCount {
        /// The rule.
        rule: String,
        /// The argument.
        argument: String,
    },
}

impl<S, V> Machine<S, V> {
    /// Whether programs of this machine can run at all. Exploring checks it first.
    ///
    /// # Errors
    /// The first thing that is wrong with its declaration.
    pub fn check(&self) -> Result<(), MachineError> {
        if !self.rules.iter().any(|rule| !rule.initial) {
            return Err(MachineError::NoRules {
                machine: self.name.clone(),
            });
        }
        let mut names = HashSet::new();
        let rules = self.rules.iter().map(|rule| &rule.name);
        let invariants = self.invariants.iter().map(|invariant| &invariant.name);
        for name in rules.chain(invariants) {
            if !names.insert(name) {
                let name = name.to_string();
                return Err(MachineError::Twice { name });
            }
        }
        for rule in &self.rules {
            check_rule(rule)?;
        }
        self.check_bundles()
    }

    /// Finds, round by round, the rules that can run with what the others fill.
    fn check_bundles(&self) -> Result<(), MachineError> {
        let mut filled = HashSet::new();
        let mut waiting: Vec<&Rule<S, V>> = self.rules.iter().collect();
        loop {
            let before = waiting.len();
            waiting.retain(|rule| {
                let can_run = first_missing(rule, &filled).is_none();
                if can_run {
                    filled.extend(rule.targets.iter().map(|target| &**target));
                }
                !can_run
            });
            if waiting.len() == before {
                break;
            }
        }
        let stuck = waiting
            .iter()
            .find_map(|rule| Some((rule, first_missing(rule, &filled)?)));
        match stuck {
            None => Ok(()),
            Some((rule, bundle)) => Err(MachineError::NothingFills {
                rule: rule.name.to_string(),
                bundle: bundle.to_owned(),
            }),
        }
    }
}

fn check_rule<S, V>(rule: &Rule<S, V>) -> Result<(), MachineError> {
    let name = || rule.name.to_string();
    if rule.routine.is_none() {
        return Err(MachineError::NothingToRun { rule: name() });
    }
    if rule.weight == 0 {
        return Err(MachineError::NoWeight { rule: name() });
    }
    if rule.initial && !rule.preconditions.is_empty() {
        return Err(MachineError::ConditionalInitial { rule: name() });
    }
    let mut arguments = HashSet::new();
    for (argument, source) in &rule.arguments {
        if !arguments.insert(argument) {
            return Err(MachineError::ArgumentTwice {
                rule: name(),
                argument: argument.to_string(),
            });
        }
        let empty = matches!(source, Source::Bundle(draw)
            if draw.several.as_ref().is_some_and(std::ops::RangeInclusive::is_empty));
        if empty {
            return Err(MachineError::EmptyCount {
                rule: name(),
                argument: argument.to_string(),
            });
        }
    }
    Ok(())
}

/// The first bundle that a rule needs and nothing fills.
fn first_missing<'a, S, V>(rule: &'a Rule<S, V>, filled: &HashSet<&str>) -> Option<&'a str> {
    rule.arguments.iter().find_map(|(_, source)| match source {
        Source::Bundle(draw) if draw.needs() > 0 && !filled.contains(&*draw.bundle) => {
            Some(&*draw.bundle)
        }
        _ => None,
    })
}
