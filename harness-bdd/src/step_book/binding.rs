//! Which step of a book each line of some features is, found out before anything is run.

use std::{collections::BTreeMap, fmt, path::PathBuf, sync::Arc};

use cucumber::{
    Step,
    gherkin::{self, Feature},
    step::{Collection, Location},
};
use regex::Regex;

use super::{Catalogue, Keyword, StepBookError};
use crate::phrase::{Current, Grammar, Phrase, Watched};

/// A step by grammar.
pub(super) struct PhraseStep<W> {
    pub(super) phrase: Phrase,
    pub(super) keywords: Vec<Keyword>,
    pub(super) step: Step<W>,
    pub(super) location: Location,
}

/// A book that knows which of its steps each line is.
pub(crate) struct Bound<W> {
    /// What cucumber runs.
    pub(crate) collection: Collection<W>,
    /// What tells the steps by grammar what their lines say, and what these look at.
    pub(crate) current: Current,
    /// What the book holds.
    pub(crate) catalogue: Catalogue,
    /// Lines with typing errors, and how they were read.
    pub(crate) mended: Vec<MendedLine>,
}

/// A line that was read with its typing errors mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MendedLine {
    pub(crate) file: PathBuf,
    pub(crate) line: usize,
    pub(crate) text: String,
    pub(crate) read_as: String,
}

impl fmt::Display for MendedLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            text,
            read_as,
        } = self;
        write!(
            f,
            "{}:{line}: `{text}` is read as `{read_as}`",
            file.display()
        )
    }
}

/// Finds out which step each line of `features` is, on a telescope whose file names these further
/// `devices`. A step with an expression comes before those by grammar; among these the first that
/// matches counts.
pub(super) fn bind<W>(
    collection: Collection<W>,
    phrases: Vec<PhraseStep<W>>,
    catalogue: Catalogue,
    features: &[Feature],
    devices: &[&str],
) -> Result<Bound<W>, StepBookError> {
    let known: Vec<_> = phrases
        .iter()
        .map(|step| (step.phrase, step.keywords.clone()))
        .collect();
    let grammar = Grammar::new(&known, devices.iter().copied())?;
    let mut lines: BTreeMap<(usize, Keyword), Vec<&str>> = BTreeMap::new();
    let mut mended = Vec::new();
    let mut watched: Vec<Watched> = Vec::new();
    for (feature, step) in features
        .iter()
        .flat_map(|feature| steps(feature).map(move |step| (feature, step)))
    {
        let keyword = Keyword::from(step.ty);
        match collection.find(step) {
            // an ambiguous line is refused by the suite, with both places
            Err(_) | Ok(Some(_)) => {}
            Ok(None) => {
                let Some(found) = grammar.recognise(keyword, &step.value) else {
                    continue;
                };
                if let Some(step) = phrases.get(found.phrase) {
                    for looked_at in Watched::by(&step.phrase, &found.words) {
                        if !watched.contains(&looked_at) {
                            watched.push(looked_at);
                        }
                    }
                }
                if let Some(read_as) = found.mended {
                    mended.push(MendedLine {
                        file: feature.path.clone().unwrap_or_default(),
                        line: step.position.line,
                        text: step.value.clone(),
                        read_as,
                    });
                }
                lines
                    .entry((found.phrase, keyword))
                    .or_default()
                    .push(&step.value);
            }
        }
    }
    let mut collection = collection;
    for ((index, keyword), lines) in lines {
        let Some(found) = phrases.get(index) else {
            continue;
        };
        collection = add(collection, keyword, exactly(lines)?, found);
    }
    Ok(Bound {
        collection,
        current: Current {
            grammar: Arc::new(grammar),
            watched: watched.into(),
        },
        catalogue,
        mended,
    })
}

fn add<W>(
    collection: Collection<W>,
    keyword: Keyword,
    regex: Regex,
    found: &PhraseStep<W>,
) -> Collection<W> {
    let location = Some(found.location);
    match keyword {
        Keyword::Given => collection.given(location, regex, found.step),
        Keyword::When => collection.when(location, regex, found.step),
        Keyword::Then => collection.then(location, regex, found.step),
    }
}

/// What matches these lines and no other: the grammar has decided, and cucumber is told.
fn exactly(mut lines: Vec<&str>) -> Result<Regex, StepBookError> {
    lines.sort_unstable();
    lines.dedup();
    let lines: Vec<_> = lines.into_iter().map(regex::escape).collect();
    let pattern = format!("^(?:{})$", lines.join("|"));
    regex::RegexBuilder::new(&pattern)
        .size_limit(usize::MAX)
        .build()
        .map_err(|error| StepBookError::TooManyLines {
            reason: error.to_string(),
        })
}

/// Every step of a feature, backgrounds first.
fn steps(feature: &Feature) -> impl Iterator<Item = &gherkin::Step> {
    let rules = &feature.rules;
    let backgrounds = feature
        .background
        .iter()
        .chain(rules.iter().filter_map(|rule| rule.background.as_ref()));
    let scenarios = feature
        .scenarios
        .iter()
        .chain(rules.iter().flat_map(|rule| &rule.scenarios));
    backgrounds
        .flat_map(|background| &background.steps)
        .chain(scenarios.flat_map(|scenario| &scenario.steps))
}
