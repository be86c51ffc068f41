//! What has been seen of the machine: how often what was done, and which steps led where.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::replay::Trace;
use crate::machine::Machine;
use crate::program::Step;

/// How many steps between states of the model are kept at most.
const MOST_STEPS: usize = 20_000;

/// What has been seen of one rule.
#[derive(Clone, Debug, Default)]
pub(crate) struct RuleCount {
    pub run: u64,
    pub skipped: u64,
    pub enabled: u64,
    pub considered: u64,
    /// For each precondition, how often it held.
    pub held: Vec<u64>,
}

/// What has been seen of the machine.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    pub rules: Vec<RuleCount>,
    /// How often each rule was run in each state of the model.
    pub in_state: HashMap<Arc<str>, Vec<u64>>,
    pub bundles: BTreeMap<Arc<str>, usize>,
    /// For each state of the model, steps and the states to which they led.
    ways: HashMap<Arc<str>, Vec<(Step, Arc<str>)>>,
    kept: usize,
    /// Rules that were tried in a state of the model, whether they applied or not.
    tried: HashSet<(Arc<str>, Arc<str>)>,
}

impl Observed {
    pub(super) fn of<S, V>(machine: &Machine<S, V>) -> Observed {
        let count = |rule: &crate::machine::Rule<S, V>| RuleCount {
            held: vec![0; rule.preconditions.len()],
            ..RuleCount::default()
        };
        Observed {
            rules: machine.rules.iter().map(count).collect(),
            ..Observed::default()
        }
    }

    /// Keeps which steps led from which state of the model to which. Steps that need what others
    /// produced can not stand elsewhere, and are left out.
    pub(crate) fn learn(&mut self, trace: &Trace) {
        for (step, states) in trace.steps.iter().zip(trace.models.windows(2)) {
            let [Some(from), Some(to)] = states else {
                continue;
            };
            if step.needs().next().is_some() || self.kept >= MOST_STEPS {
                continue;
            }
            let ways = self.ways.entry(Arc::clone(from)).or_default();
            let known = ways
                .iter()
                .any(|(other, target)| other.rule == step.rule && target == to);
            if !known {
                self.kept += 1;
                ways.push((step.clone(), Arc::clone(to)));
            }
        }
    }

    /// Whether it is known where this rule leads from this state of the model. If not, it counts as
    /// tried from now on.
    pub(crate) fn tries_first(&mut self, state: &Arc<str>, rule: &Arc<str>) -> bool {
        let known = self
            .ways
            .get(state)
            .is_some_and(|ways| ways.iter().any(|(step, _)| step.rule == *rule));
        !known && self.tried.insert((Arc::clone(state), Arc::clone(rule)))
    }

    /// The fewest steps from one state of the model to every other, as far as is known, the
    /// nearest first.
    pub(crate) fn shortest_from(&self, start: &Arc<str>) -> Vec<(Arc<str>, Vec<Step>)> {
        let mut reached: HashMap<&Arc<str>, Vec<Step>> = HashMap::new();
        let mut order = vec![start];
        let mut waiting = VecDeque::from([start]);
        reached.insert(start, Vec::new());
        while let Some(state) = waiting.pop_front() {
            let way = reached.get(state).cloned().unwrap_or_default();
            for (step, target) in self.ways.get(state).into_iter().flatten() {
                if !reached.contains_key(target) {
                    let mut further = way.clone();
                    further.push(step.clone());
                    reached.insert(target, further);
                    order.push(target);
                    waiting.push_back(target);
                }
            }
        }
        order
            .into_iter()
            .filter_map(|state| Some((Arc::clone(state), reached.remove(state)?)))
            .collect()
    }
}
