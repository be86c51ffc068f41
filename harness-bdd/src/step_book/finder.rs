//! Which step of a book a line is.

use cucumber::{
    gherkin::{self, StepType},
    step::{Collection, Location},
};

use super::{Catalogue, CatalogueEntry, Keyword, Overlap, StepBook, StepBookError};
use crate::phrase::Grammar;

/// Says which step of a book a line is, without running anything.
///
/// ```
/// use harness_bdd::{HarnessWorld, Keyword, StepBook, StepFinder, books::telescope_steps};
///
/// let book = StepBook::<HarnessWorld>::new().merge(telescope_steps);
/// let finder = StepFinder::new(book, [])?;
/// let reading = finder.read(Keyword::Then, "the CSP subarray transitions to IDLE");
/// let step = reading.step().expect("a step");
/// assert_eq!(step.family, Some("Observation"));
/// assert!(step.filled.contains(&("who".to_owned(), "CSP subarray".to_owned())));
/// # Ok::<(), harness_bdd::StepBookError>(())
/// ```
#[derive(Debug)]
pub struct StepFinder<W> {
    collection: Collection<W>,
    grammar: Grammar,
    /// Of each phrase of the grammar, its place in the catalogue.
    entries: Vec<usize>,
    catalogue: Catalogue,
}

/// What a line is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The steps that match, the one that counts first; none for an undefined line.
    pub steps: Vec<FoundStep>,
    /// How many of them, from the first on, have the same right to it: more than 1 for an ambiguous
    /// line.
    pub equals: usize,
    /// The line with its typing errors mended, if it had to be.
    pub mended: Option<String>,
}

/// A step that matches a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundStep {
    /// Its expression; of a phrase, what its step does.
    pub expression: String,
    /// What its book is about.
    pub family: Option<&'static str>,
    /// Where it is defined; [`None`] for a step that was registered without a place.
    pub location: Option<Location>,
    /// What the line fills in: names and words of a phrase; of an expression, numbers from 1.
    pub filled: Vec<(String, String)>,
}

impl Reading {
    /// The step that the line is; [`None`] if it is undefined or ambiguous.
    pub fn step(&self) -> Option<&FoundStep> {
        self.steps.first().filter(|_| self.equals == 1)
    }
}

impl<W> StepFinder<W> {
    /// Of this book, on a telescope whose file gives these names to further devices.
    ///
    /// # Errors
    /// What is wrong with the book.
    pub fn new<'a>(
        book: StepBook<W>,
        devices: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, StepBookError> {
        let parts = book.into_parts()?;
        let known: Vec<_> = (parts.phrases.iter())
            .map(|step| (step.phrase, step.keywords.clone()))
            .collect();
        Ok(Self {
            grammar: Grammar::new(&known, devices)?,
            entries: parts.phrases.iter().map(|step| step.entry).collect(),
            collection: parts.collection,
            catalogue: parts.catalogue,
        })
    }

    /// What the book holds.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// What `line` is, without its keyword.
    pub fn read(&self, keyword: Keyword, line: &str) -> Reading {
        let mut steps = self.by_expression(keyword, line);
        let own = steps.len();
        let places = self.grammar.all(keyword, line);
        let exact = !places.is_empty() || own > 0;
        let recognised = self.grammar.recognise(keyword, line);
        let mended = recognised.as_ref().filter(|_| !exact);
        let mended = mended.and_then(|recognised| recognised.mended.clone());
        let read_as = mended.as_deref().unwrap_or(line);
        for place in self.grammar.all(keyword, read_as) {
            let filled = recognised
                .iter()
                .filter(|recognised| recognised.phrase == place)
                .flat_map(|recognised| recognised.words.filled())
                .map(|(name, words)| (name.to_owned(), words.to_owned()))
                .collect();
            if let Some(entry) = self.entry(place) {
                steps.push(found(entry, filled));
            }
        }
        Reading {
            equals: own.max(steps.len().min(1)),
            steps,
            mended,
        }
    }

    /// The examples of phrases that another step matches, too.
    pub fn overlaps(&self) -> Vec<Overlap> {
        let mut overlaps: Vec<Overlap> = Vec::new();
        for entry in self.catalogue.entries() {
            for example in &entry.examples {
                for keyword in &entry.keywords {
                    self.note_overlap(entry, *keyword, example, &mut overlaps);
                }
            }
        }
        overlaps
    }

    fn note_overlap(
        &self,
        entry: &CatalogueEntry,
        keyword: Keyword,
        example: &str,
        overlaps: &mut Vec<Overlap>,
    ) {
        let steps = self.read(keyword, example).steps;
        if steps.len() < 2 {
            return;
        }
        let same = overlaps
            .iter_mut()
            .find(|known| known.line == *example && known.steps == steps);
        match same {
            Some(known) if known.keywords.contains(&keyword) => {}
            Some(known) => known.keywords.push(keyword),
            None => overlaps.push(Overlap {
                keywords: vec![keyword],
                line: example.to_owned(),
                example_of: entry.location,
                steps,
            }),
        }
    }

    fn by_expression(&self, keyword: Keyword, line: &str) -> Vec<FoundStep> {
        let step = step(keyword, line);
        match self.collection.find(&step) {
            Ok(None) => Vec::new(),
            Ok(Some((_, _, location, context))) => {
                let filled = context.matches.into_iter().skip(1).enumerate();
                let filled = filled
                    .map(|(index, (_, words))| ((index + 1).to_string(), words))
                    .collect();
                vec![self.at(keyword, location, filled)]
            }
            Err(error) => error
                .possible_matches
                .iter()
                .map(|(_, location)| self.at(keyword, *location, Vec::new()))
                .collect(),
        }
    }

    fn at(
        &self,
        keyword: Keyword,
        location: Option<Location>,
        filled: Vec<(String, String)>,
    ) -> FoundStep {
        let entry = self.catalogue.entries().iter().find(|entry| {
            !entry.is_phrase()
                && Some(entry.location) == location
                && entry.keywords.contains(&keyword)
        });
        match entry {
            Some(entry) => found(entry, filled),
            None => FoundStep {
                expression: "a step that is not in the catalogue".into(),
                family: None,
                location,
                filled,
            },
        }
    }

    fn entry(&self, phrase: usize) -> Option<&CatalogueEntry> {
        self.catalogue.entries().get(*self.entries.get(phrase)?)
    }
}

fn found(entry: &CatalogueEntry, filled: Vec<(String, String)>) -> FoundStep {
    FoundStep {
        expression: entry.expression.clone(),
        family: entry.family,
        location: Some(entry.location),
        filled,
    }
}

/// The line as cucumber has it.
fn step(keyword: Keyword, line: &str) -> gherkin::Step {
    gherkin::Step {
        keyword: keyword.to_string(),
        ty: match keyword {
            Keyword::Given => StepType::Given,
            Keyword::When => StepType::When,
            Keyword::Then => StepType::Then,
        },
        value: line.to_owned(),
        docstring: None,
        table: None,
        span: gherkin::Span::default(),
        position: gherkin::LineCol::default(),
    }
}
