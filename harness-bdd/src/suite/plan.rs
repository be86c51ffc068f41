//! What a run would do, without doing it.

use std::path::PathBuf;

use cucumber::{gherkin::Step, step::Collection};
use serde::Serialize;

use super::{
    case::Case,
    unbound::{AmbiguousStep, UndefinedStep, ambiguous_steps, undefined_steps},
};
#[cfg(feature = "chaos")]
use crate::books::telescope::NETWORK;
use crate::{Catalogue, feature::NotApplicable};

/// The scenarios of a suite that would be run, and what is known of their lines beforehand.
#[derive(Clone, Debug, Default, Serialize)]
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
    /// The feature files that can't be read, each with its place and the reason; only if the suite
    /// [keeps going](super::Suite::keep_going).
    pub refused: Vec<String>,
    /// What is wrong with feature files that are read all the same, a line each, with the place.
    pub warnings: Vec<String>,
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
    /// Its lines, those of backgrounds first.
    pub steps: Vec<PlannedStep>,
}

/// A line of a scenario that would be run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PlannedStep {
    /// The keyword as written: `Given`, `And`.
    pub keyword: String,
    /// The line without its keyword.
    pub text: String,
    /// Its line in the file.
    pub line: usize,
    /// Where in the source the step is defined, `file:line`; [`None`] if no step matches, or several.
    pub defined_at: Option<String>,
    /// What the step's book is about, if it says so.
    pub family: Option<&'static str>,
}

impl Plan {
    /// Whether there is a scenario, and each line matches one step.
    pub fn is_sound(&self) -> bool {
        !self.scenarios.is_empty()
            && self.undefined.is_empty()
            && self.ambiguous.is_empty()
            && self.refused.is_empty()
    }

    /// Whether a line is about the network to the devices, which must be connected through gates then.
    #[cfg(feature = "chaos")]
    pub fn needs_gates(&self) -> bool {
        let mut steps = self.scenarios.iter().flat_map(|scenario| &scenario.steps);
        steps.any(|step| step.family == Some(NETWORK))
    }

    pub(super) fn new<W>(
        cases: &[Case],
        not_applicable: Vec<NotApplicable>,
        steps: &Collection<W>,
        catalogue: &Catalogue,
    ) -> Self {
        Self {
            scenarios: cases
                .iter()
                .map(|case| PlannedScenario::new(case, steps, catalogue))
                .collect(),
            not_applicable,
            undefined: undefined_steps(cases, steps, catalogue),
            ambiguous: ambiguous_steps(cases, steps),
            refused: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

impl PlannedScenario {
    fn new<W>(case: &Case, steps: &Collection<W>, catalogue: &Catalogue) -> Self {
        Self {
            feature: case.feature().to_owned(),
            scenario: case.scenario.name.clone(),
            file: case.file().to_owned(),
            line: case.line(),
            repetition: case.report().repetition,
            tags: case.all_tags().map(|tag| format!("@{tag}")).collect(),
            steps: case
                .steps()
                .map(|step| PlannedStep::new(step, steps, catalogue))
                .collect(),
        }
    }

    /// `file:line`, as terminals make it a link.
    pub fn place(&self) -> String {
        format!("{}:{}", self.file.display(), self.line)
    }
}

impl PlannedStep {
    fn new<W>(step: &Step, steps: &Collection<W>, catalogue: &Catalogue) -> Self {
        let found = steps.find(step).ok().flatten();
        let place = found.and_then(|(_, _, place, _)| place);
        let mut entries = catalogue.entries().iter();
        let entry = entries.find(|entry| place == Some(entry.location));
        Self {
            keyword: step.keyword.trim().to_owned(),
            text: step.value.clone(),
            line: step.position.line,
            family: entry.and_then(|entry| entry.family),
            defined_at: place.map(|place| format!("{}:{}", place.path, place.line)),
        }
    }
}
