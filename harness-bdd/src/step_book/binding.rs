//! Which step of a book each line of some features is, found out before anything is run.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use cucumber::{
    Step,
    gherkin::{self, Feature},
    step::{Collection, Location},
};
use regex::Regex;

use super::{Catalogue, CatalogueEntry, Keyword, StepBookError, book::Parts, warning::StepWarning};
use crate::phrase::{Current, Grammar, Phrase, Watched};

/// A step by grammar.
pub(super) struct PhraseStep<W> {
    pub(super) phrase: Phrase,
    pub(super) keywords: Vec<Keyword>,
    pub(super) step: Step<W>,
    /// Its place in the catalogue.
    pub(super) entry: usize,
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
    /// Lines that are read otherwise than their authors may think.
    pub(crate) warnings: Vec<StepWarning>,
}

/// Finds out which step each line of `features` is, on a telescope whose file names these further
/// `devices`. A step with an expression comes before those by grammar; among these the first that
/// matches counts.
pub(super) fn bind<W>(
    book: Parts<W>,
    features: &[Feature],
    devices: &[&str],
) -> Result<Bound<W>, StepBookError> {
    let Parts {
        mut collection,
        phrases,
        catalogue,
    } = book;
    let known: Vec<_> = phrases
        .iter()
        .map(|step| (step.phrase, step.keywords.clone()))
        .collect();
    let grammar = Grammar::new(&known, devices.iter().copied())?;
    let mut lines: BTreeMap<(usize, Keyword), Vec<&str>> = BTreeMap::new();
    let mut warnings = Warnings::default();
    let mut watched: Vec<Watched> = Vec::new();
    for (feature, step) in features
        .iter()
        .flat_map(|feature| steps(feature).map(move |step| (feature, step)))
    {
        let keyword = Keyword::from(step.ty);
        let place = || feature.path.clone().unwrap_or_default();
        match collection.find(step) {
            // an ambiguous line is refused by the suite, with all places
            Err(_) => {}
            Ok(Some((_, _, location, _))) => {
                let phrase = grammar.all(keyword, &step.value).first().copied();
                let phrase = phrase.and_then(|phrase| phrases.get(phrase));
                let phrase = phrase.and_then(|phrase| catalogue.entries().get(phrase.entry));
                if let Some(phrase) = phrase.filter(|phrase| {
                    !is_of_family(&catalogue, location, phrase.family) // one book: it knows best
                }) {
                    warnings.overridden(place(), step, location, phrase);
                }
            }
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
                    warnings.mended(place(), step, read_as);
                }
                lines
                    .entry((found.phrase, keyword))
                    .or_default()
                    .push(&step.value);
            }
        }
    }
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
        warnings: warnings.0,
    })
}

/// Whether the step with an expression that is defined there is of this family.
fn is_of_family(
    catalogue: &Catalogue,
    location: Option<Location>,
    family: Option<&'static str>,
) -> bool {
    let step = (catalogue.entries().iter())
        .find(|entry| !entry.is_phrase() && Some(entry.location) == location);
    family.is_some() && step.is_some_and(|step| step.family == family)
}

/// What is told about lines, each thing once.
#[derive(Default)]
struct Warnings(Vec<StepWarning>);

impl Warnings {
    fn mended(&mut self, file: PathBuf, step: &gherkin::Step, read_as: String) {
        let warning = StepWarning::Mended {
            file,
            line: step.position.line,
            text: step.value.clone(),
            read_as,
        };
        // each row of an outline has the line
        if !self.0.contains(&warning) {
            self.0.push(warning);
        }
    }

    fn overridden(
        &mut self,
        in_file: PathBuf,
        found: &gherkin::Step,
        own: Option<Location>,
        instead_of: &CatalogueEntry,
    ) {
        for known in &mut self.0 {
            let StepWarning::Overridden {
                file,
                line,
                step,
                phrase,
                more,
                ..
            } = known
            else {
                continue;
            };
            if (*step, *phrase) == (own, instead_of.location) {
                let is_same = (&*file, *line) == (&in_file, found.position.line);
                *more += usize::from(!is_same);
                return;
            }
        }
        self.0.push(StepWarning::Overridden {
            file: in_file,
            line: found.position.line,
            text: found.value.clone(),
            step: own,
            about: instead_of.expression.clone(),
            phrase: instead_of.location,
            more: 0,
        });
    }
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
