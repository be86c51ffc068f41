//! What was done of a machine, and what was not.

use serde::Serialize;

use super::account::Report;
use crate::machine::Machine;
use crate::run::Observed;

/// What was done of one rule.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RuleReport {
    /// The rule's name.
    pub rule: String,
    /// How often it was run.
    pub run: u64,
    /// How often it found out itself that it did not apply.
    pub skipped: u64,
    /// How often it could have been run.
    pub enabled: u64,
    /// How often it was its turn: the times `enabled` is out of.
    pub considered: u64,
    /// Its preconditions.
    pub preconditions: Vec<ConditionReport>,
}

/// How often a precondition held.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ConditionReport {
    /// Its name.
    pub condition: String,
    /// How often it held, out of `considered`.
    pub held: u64,
}

/// How often each rule was run in one state of the model.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StateReport {
    /// The state.
    pub state: String,
    /// For each rule, in the order of [`Report::rules`].
    pub run: Vec<u64>,
}

impl Report {
    /// Takes over what was observed.
    pub(crate) fn take<S, V>(&mut self, machine: &Machine<S, V>, observed: &Observed) {
        let rules = machine.rules.iter().zip(&observed.rules);
        self.rules = rules
            .map(|(rule, count)| RuleReport {
                rule: rule.name.to_string(),
                run: count.run,
                skipped: count.skipped,
                enabled: count.enabled,
                considered: count.considered,
                preconditions: rule
                    .preconditions
                    .iter()
                    .zip(&count.held)
                    .map(|(condition, &held)| ConditionReport {
                        condition: condition.name.to_string(),
                        held,
                    })
                    .collect(),
            })
            .collect();
        let states = observed.in_state.iter().map(|(state, run)| StateReport {
            state: state.to_string(),
            run: run.clone(),
        });
        self.states = states.collect();
        self.states
            .sort_by(|one, other| one.state.cmp(&other.state));
        let bundles = observed.bundles.iter();
        self.bundles = bundles
            .map(|(bundle, &most)| (bundle.to_string(), most))
            .collect();
    }

    /// The preconditions that never held, in words.
    pub(crate) fn never_held<S, V>(&self, machine: &Machine<S, V>, observed: &Observed) -> String {
        let mut never = Vec::new();
        for (rule, count) in machine.rules.iter().zip(&observed.rules) {
            for (condition, held) in rule.preconditions.iter().zip(&count.held) {
                if *held == 0 {
                    never.push(format!("{} of {}", condition.name, rule.name));
                }
            }
        }
        if never.is_empty() {
            return "none".to_owned();
        }
        never.join(", ")
    }

    /// The rules that were never enabled.
    pub fn never_enabled(&self) -> impl Iterator<Item = &RuleReport> {
        self.rules.iter().filter(|rule| rule.enabled == 0)
    }

    /// The preconditions that never held, each with its rule's name.
    pub fn preconditions_never_true(&self) -> impl Iterator<Item = (&str, &ConditionReport)> {
        self.rules.iter().flat_map(|rule| {
            let never = rule
                .preconditions
                .iter()
                .filter(|condition| condition.held == 0);
            never.map(|condition| (rule.rule.as_str(), condition))
        })
    }
}
