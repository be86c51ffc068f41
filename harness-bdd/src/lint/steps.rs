//! Lines that no step matches, and lines that are written in several ways.

use std::{collections::BTreeMap, fmt, path::Path};

use cucumber::gherkin::Step;

use super::linter::Found;
use crate::{Keyword, StepBook, StepBookError, feature::NO_STEPS, step_book::Bound};

/// What is known about a line of a feature file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lookup {
    /// A step matches it.
    Defined,
    /// A step matches it once its typing errors are mended, to this.
    Mended(String),
    /// Several steps match it; the text says which.
    Ambiguous(String),
    /// No step matches it.
    Undefined {
        /// The wording that is most like it, with its keyword, if any is.
        nearest: Option<String>,
    },
}

/// Knows which lines have a step.
pub trait StepKnowledge {
    /// Looks a line up.
    fn look_up(&self, step: &Step) -> Lookup;
}

impl<F: Fn(&Step) -> Lookup> StepKnowledge for F {
    fn look_up(&self, step: &Step) -> Lookup {
        self(step)
    }
}

/// The steps of a book.
pub struct KnownSteps<W>(Bound<W>);

impl<W> KnownSteps<W> {
    /// Those of `book`, on a telescope whose file names these devices under `[devices]`.
    ///
    /// # Errors
    /// The first thing that was refused when steps were added to the book.
    pub fn new(book: StepBook<W>, devices: &[&str]) -> Result<Self, StepBookError> {
        book.bind(&[], devices).map(Self)
    }
}

// By hand, as the steps are function pointers, which say nothing to a reader.
impl<W> fmt::Debug for KnownSteps<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KnownSteps")
            .field(&self.0.catalogue)
            .finish()
    }
}

impl<W> StepKnowledge for KnownSteps<W> {
    fn look_up(&self, step: &Step) -> Lookup {
        let Bound {
            collection,
            current,
            catalogue,
            ..
        } = &self.0;
        let keyword = Keyword::from(step.ty);
        match collection.find(step) {
            Ok(Some(_)) => Lookup::Defined,
            Ok(None) => match current.grammar.recognise(keyword, &step.value) {
                None => Lookup::Undefined {
                    nearest: catalogue.nearest(keyword, &step.value),
                },
                Some(found) => found.mended.map_or(Lookup::Defined, Lookup::Mended),
            },
            Err(error) => Lookup::Ambiguous(error.to_string()),
        }
    }
}

/// Lines that no step matches, or several; a line of an outline once, whatever its rows put into it.
pub(super) fn unknown<'a>(
    steps: impl Iterator<Item = (&'a Path, &'a Step)>,
    knowledge: &dyn StepKnowledge,
    found: &mut Found,
) {
    type Told = (&'static str, String, usize);
    let mut told: BTreeMap<(&Path, usize), Told> = BTreeMap::new();
    for (file, step) in steps.filter(|(_, step)| step.value != NO_STEPS) {
        let text = format!("{} {}", Keyword::from(step.ty), step.value);
        let (rule, message) = match knowledge.look_up(step) {
            Lookup::Defined => continue,
            Lookup::Mended(meant) => (
                "typing-error",
                format!("`{text}` is read as `{meant}`; correct it"),
            ),
            Lookup::Ambiguous(why) => (
                "ambiguous-step",
                format!("several steps match `{text}`: {why}"),
            ),
            Lookup::Undefined { nearest } => {
                let advice = match nearest {
                    Some(nearest) => format!("did you mean `{nearest}`?"),
                    None => "write it as the step library has it, or write a step".to_owned(),
                };
                (
                    "undefined-step",
                    format!("no step matches `{text}`; {advice}"),
                )
            }
        };
        told.entry((file, step.position.line))
            .and_modify(|(_, first, others)| *others += usize::from(*first != message))
            .or_insert((rule, message, 0));
    }
    for ((file, line), (rule, message, others)) in told {
        let message = match others {
            0 => message,
            others => format!("{message} (and so for {others} other rows)"),
        };
        found.add(rule, file, line, message);
    }
}

/// Steps that are written otherwise in most places.
pub(super) fn drifting<'a>(steps: impl Iterator<Item = (&'a Path, &'a Step)>, found: &mut Found) {
    type Wordings<'a> = BTreeMap<&'a str, Vec<(&'a Path, usize)>>;
    let mut groups: BTreeMap<String, Wordings<'_>> = BTreeMap::new();
    for (file, step) in steps {
        let group = groups.entry(normalised(&step.value)).or_default();
        let places = group.entry(step.value.as_str()).or_default();
        if !places.contains(&(file, step.position.line)) {
            places.push((file, step.position.line));
        }
    }
    for wordings in groups.values() {
        let Some((usual, most)) = wordings.iter().max_by_key(|(_, places)| places.len()) else {
            continue;
        };
        for (wording, places) in wordings
            .iter()
            .filter(|(_, places)| places.len() < most.len())
        {
            for (file, line) in places {
                let count = most.len();
                let message = format!("`{wording}` is written `{usual}` in {count} other places");
                found.add("wording-drift", file, *line, message);
            }
        }
    }
}

/// The words of a line without what people write in different ways: case, articles, points.
pub(super) fn normalised(text: &str) -> String {
    let word = |word: &str| {
        let word = word.trim_matches(['.', ',', ';', ':', '"', '\'']);
        word.to_lowercase().replace(['_', '-'], "")
    };
    let words = text.split_whitespace().map(word);
    let said = words.filter(|word| !matches!(word.as_str(), "" | "a" | "an" | "the"));
    said.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wordings_are_the_same_without_case_articles_and_points() {
        assert_eq!(
            normalised("The Subarray is in the obs_state READY."),
            normalised("the subarray  is in obsState Ready")
        );
        assert_ne!(normalised("subarray 1"), normalised("subarray 2"));
    }
}
