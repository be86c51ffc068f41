//! Scenarios that are there twice, and scenarios in an odd order.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use cucumber::gherkin::{Feature, Scenario, Step, StepType};

use super::{linter::Found, steps::normalised};
use crate::feature::NO_STEPS;

/// A scenario, with what it stands in.
pub(super) struct Placed<'a> {
    pub(super) file: &'a Path,
    pub(super) feature: usize,
    pub(super) scenario: &'a Scenario,
    /// The Background's steps first.
    pub(super) steps: Vec<&'a Step>,
}

impl<'a> Placed<'a> {
    /// All scenarios of the features.
    pub(super) fn all(features: &'a [Feature]) -> Vec<Self> {
        let mut all = Vec::new();
        for (index, feature) in features.iter().enumerate() {
            let file = feature.path.as_deref().unwrap_or(Path::new(""));
            let outer: Vec<&Step> = feature.background.iter().flat_map(|b| &b.steps).collect();
            let mut place = |scenario: &'a Scenario, inner: &[&'a Step]| {
                let before = outer.iter().chain(inner).copied();
                all.push(Self {
                    file,
                    feature: index,
                    scenario,
                    steps: before.chain(&scenario.steps).collect(),
                });
            };
            feature
                .scenarios
                .iter()
                .for_each(|scenario| place(scenario, &[]));
            for rule in &feature.rules {
                let inner: Vec<&Step> = rule.background.iter().flat_map(|b| &b.steps).collect();
                rule.scenarios
                    .iter()
                    .for_each(|scenario| place(scenario, &inner));
            }
        }
        all
    }

    /// What the rows of one outline have in common, and nothing else has.
    fn outline(&self) -> (&'a Path, usize) {
        (self.file, self.first_line())
    }

    fn first_line(&self) -> usize {
        let steps = &self.scenario.steps;
        steps
            .first()
            .map_or(self.scenario.position.line, |step| step.position.line)
    }
}

/// Scenarios with the same steps, in one file or in several.
pub(super) fn repeated(scenarios: &[Placed<'_>], found: &mut Found) {
    let mut first: BTreeMap<Vec<String>, &Placed<'_>> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for placed in scenarios {
        if placed.steps.iter().any(|step| step.value == NO_STEPS) {
            continue;
        }
        let says = |step: &&Step| {
            let more = (
                &step.table.as_ref().map(|table| &table.rows),
                &step.docstring,
            );
            format!("{:?} {} {more:?}", step.ty, normalised(&step.value))
        };
        let key = placed.steps.iter().map(says).collect();
        let other = *first.entry(key).or_insert(placed);
        if other.outline() != placed.outline() && told.insert((placed.outline(), other.outline())) {
            let message = format!(
                "`{}` has the same steps as `{}` ({}:{}); drop one, or say in its steps how it differs",
                placed.scenario.name,
                other.scenario.name,
                other.file.display(),
                other.scenario.position.line
            );
            found.add(
                "repeated-scenario",
                placed.file,
                placed.scenario.position.line,
                message,
            );
        }
    }
}

/// Scenarios of one feature with the same name.
pub(super) fn same_names(scenarios: &[Placed<'_>], found: &mut Found) {
    let mut first: BTreeMap<(usize, &str), &Placed<'_>> = BTreeMap::new();
    let mut told = BTreeSet::new();
    for placed in scenarios {
        let name = placed.scenario.name.as_str();
        let other = *first.entry((placed.feature, name)).or_insert(placed);
        if other.outline() != placed.outline() && told.insert(placed.outline()) {
            let line = other.scenario.position.line;
            let message = format!(
                "line {line} has a scenario of the name `{name}` already; give each a name of its own"
            );
            found.add(
                "repeated-name",
                placed.file,
                placed.scenario.position.line,
                message,
            );
        }
    }
}

/// Scenarios in which something is expected before anything is done.
pub(super) fn without_when(scenarios: &[Placed<'_>], found: &mut Found) {
    let mut told = BTreeSet::new();
    for placed in scenarios {
        let done = placed
            .steps
            .iter()
            .position(|step| step.ty == StepType::When);
        let expected = placed
            .steps
            .iter()
            .enumerate()
            .find(|(_, step)| step.ty == StepType::Then);
        let Some((index, step)) = expected else {
            continue;
        };
        if done.is_none_or(|done| index < done) && told.insert(placed.outline()) {
            let message = format!(
                "`Then {}` comes before any When; make it a Given, or say what is done before it",
                step.value
            );
            found.add("then-before-when", placed.file, step.position.line, message);
        }
    }
}
