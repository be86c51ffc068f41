//! What a run would do, without doing it.

use std::path::PathBuf;

use cucumber::step::Collection;
use serde::Serialize;

use super::{
    case::Case,
    unbound::{AmbiguousStep, UndefinedStep, ambiguous_steps, undefined_steps},
};
use crate::{Catalogue, feature::NotApplicable};

/// The scenarios of a suite that would be run, and what is known of their lines beforehand.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Plan {
    /// The scenarios, in the order of running.
    pub scenarios: Vec<PlannedScenario>,
    /// Scenarios that were asked for and make no sense on this telescope.
    pub not_applicable: Vec<NotApplicable>,
    /// Lines that no step of the book matches.
    pub undefined: Vec<UndefinedStep>,
    /// Lines that several steps of the book match.
    pub ambiguous: Vec<AmbiguousStep>,
}

/// A scenario that would be run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PlannedScenario {
    /// Name of the feature.
    pub feature: String,
    /// Name of the scenario.
    pub scenario: String,
    /// The feature's file.
    pub file: PathBuf,
    /// The scenario's line (of an outline: the row of its Examples).
    pub line: usize,
    /// Which repetition it is, from 1; [`None`] if the suite is run once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repetition: Option<usize>,
    /// All tags that count for it, as written, with `@`: its own, its rule's, its feature's.
    pub tags: Vec<String>,
}

impl Plan {
    /// Whether there is a scenario, and each line matches one step.
    pub fn is_sound(&self) -> bool {
        !self.scenarios.is_empty() && self.undefined.is_empty() && self.ambiguous.is_empty()
    }

    pub(super) fn new<W>(
        cases: &[Case],
        not_applicable: Vec<NotApplicable>,
        steps: &Collection<W>,
        catalogue: &Catalogue,
    ) -> Self {
        Self {
            scenarios: cases.iter().map(PlannedScenario::from).collect(),
            not_applicable,
            undefined: undefined_steps(cases, steps, catalogue),
            ambiguous: ambiguous_steps(cases, steps),
        }
    }
}

impl PlannedScenario {
    /// `file:line`, as terminals make it a link.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file.display(), self.line)
    }
}

impl From<&Case> for PlannedScenario {
    fn from(case: &Case) -> Self {
        Self {
            feature: case.feature().to_owned(),
            scenario: case.scenario.name.clone(),
            file: case.file().to_owned(),
            line: case.line(),
            repetition: case.report().repetition,
            tags: case.all_tags().map(|tag| format!("@{tag}")).collect(),
        }
    }
}
