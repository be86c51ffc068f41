//! Lines that no step matches, or more than one, found before anything is run.

use std::{collections::BTreeSet, fmt, path::PathBuf};

use cucumber::{gherkin::Step, step::Collection};
use serde::Serialize;

use super::case::Case;
use crate::{Catalogue, Keyword};

/// A line of a feature file that no step of the book matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UndefinedStep {
    /// Given, When or Then.
    pub keyword: Keyword,
    /// The line without its keyword.
    pub text: String,
    /// Its file.
    pub file: PathBuf,
    /// Its line.
    pub line: usize,
    /// The text of the step in the book that is most like it, if any is.
    pub nearest: Option<String>,
}

/// A line of a feature file that several steps of the book match.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AmbiguousStep {
    /// The line without its keyword.
    pub text: String,
    /// Its file.
    pub file: PathBuf,
    /// Its line.
    pub line: usize,
    /// The steps that match it, each with the place where it is defined.
    pub matches: Vec<String>,
}

impl fmt::Display for AmbiguousStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            text,
            file,
            line,
            matches,
        } = self;
        write!(
            f,
            "{}:{line}: `{text}` matches {}",
            file.display(),
            matches.join(" and ")
        )
    }
}

/// All lines that nothing in `steps` matches, each text once per file and line.
pub(super) fn undefined_steps<W>(
    cases: &[Case],
    steps: &Collection<W>,
    catalogue: &Catalogue,
) -> Vec<UndefinedStep> {
    let undefined = lines(cases).filter(|(_, step)| matches!(steps.find(step), Ok(None)));
    undefined
        .map(|(case, step)| {
            let keyword = step.ty.into();
            UndefinedStep {
                keyword,
                text: step.value.clone(),
                file: case.file().to_owned(),
                line: step.position.line,
                nearest: catalogue.nearest(keyword, &step.value),
            }
        })
        .collect()
}

/// All lines that several of `steps` match, each text once per file and line.
pub(super) fn ambiguous_steps<W>(cases: &[Case], steps: &Collection<W>) -> Vec<AmbiguousStep> {
    let ambiguous = lines(cases).filter_map(|(case, step)| {
        let error = steps.find(step).err()?;
        let matches = error.possible_matches.iter();
        Some(AmbiguousStep {
            text: step.value.clone(),
            file: case.file().to_owned(),
            line: step.position.line,
            matches: matches
                .map(|(pattern, place)| match place {
                    Some(place) => format!("{pattern} ({}:{})", place.path, place.line),
                    None => pattern.to_string(),
                })
                .collect(),
        })
    });
    ambiguous.collect()
}

/// Every line of the cases once, though backgrounds and repetitions bring it several times.
fn lines(cases: &[Case]) -> impl Iterator<Item = (&Case, &Step)> {
    let mut seen = BTreeSet::new();
    cases
        .iter()
        .flat_map(|case| case.steps().map(move |step| (case, step)))
        .filter(move |(case, step)| {
            seen.insert((case.file(), step.position.line, step.value.as_str()))
        })
}
