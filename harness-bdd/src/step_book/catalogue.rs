//! What a book of steps holds, as a list.

use std::fmt;

use cucumber::step::Location;

/// Which kind of line a step is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
pub enum Keyword {
    /// The state of affairs before.
    Given,
    /// What is done.
    When,
    /// What must be true after.
    Then,
}

impl Keyword {
    /// All keywords.
    pub const ALL: &'static [Self] = &[Self::Given, Self::When, Self::Then];
}

impl fmt::Display for Keyword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Given => "Given",
            Self::When => "When",
            Self::Then => "Then",
        })
    }
}

impl From<cucumber::gherkin::StepType> for Keyword {
    fn from(kind: cucumber::gherkin::StepType) -> Self {
        match kind {
            cucumber::gherkin::StepType::Given => Self::Given,
            cucumber::gherkin::StepType::When => Self::When,
            cucumber::gherkin::StepType::Then => Self::Then,
        }
    }
}

/// One step of a book.
#[derive(Clone, Debug)]
pub struct CatalogueEntry {
    /// The keywords of its lines.
    pub keywords: Vec<Keyword>,
    /// The text as it was written, with its `{parameters}`; of a phrase, what its step does.
    pub expression: String,
    /// The regular expression it became; of a phrase, its patterns.
    pub patterns: Vec<String>,
    /// Of a phrase: lines as people write them.
    pub examples: Vec<String>,
    /// Where in the source it was defined.
    pub location: Location,
}

impl CatalogueEntry {
    /// Whether it is a step by grammar.
    pub fn is_phrase(&self) -> bool {
        !self.examples.is_empty()
    }

    /// What a line of it looks like: the text as it was written, or the examples of a phrase.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        let text = (!self.is_phrase()).then_some(self.expression.as_str());
        self.examples.iter().map(String::as_str).chain(text)
    }
}

/// The steps of a book in the order in which they were added.
///
/// Its `Display` is the reference that a tester reads: keyword and text, a line each; below a phrase
/// its examples and its patterns.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    pub(super) entries: Vec<CatalogueEntry>,
}

impl Catalogue {
    /// All steps.
    pub fn entries(&self) -> &[CatalogueEntry] {
        &self.entries
    }

    /// The line of a step that is nearest to `text`, with its keyword, for "did you mean"; [`None`]
    /// if none is near.
    pub fn nearest(&self, keyword: Keyword, text: &str) -> Option<String> {
        let lines = self.entries.iter().flat_map(|entry| {
            let fits = entry.keywords.contains(&keyword);
            let shown = if fits {
                Some(keyword)
            } else {
                entry.keywords.first().copied()
            };
            entry
                .lines()
                .map(move |line| (likeness(line, text), fits, shown, line))
        });
        let near = lines.filter(|(likeness, ..)| *likeness >= 0.5);
        let nearest = near.max_by(|a, b| {
            (a.0, a.1)
                .partial_cmp(&(b.0, b.1))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        nearest.map(|(.., shown, line)| format!("{} {line}", shown.unwrap_or(keyword)))
    }
}

impl fmt::Display for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for entry in &self.entries {
            if !entry.is_phrase() {
                let keyword = entry.keywords.first().copied().unwrap_or(Keyword::Given);
                writeln!(f, "{keyword:<5} {}", entry.expression)?;
                continue;
            }
            let keywords: Vec<_> = entry.keywords.iter().map(Keyword::to_string).collect();
            writeln!(f, "\n{} ({})", entry.expression, keywords.join(", "))?;
            for example in &entry.examples {
                writeln!(f, "      {example}")?;
            }
            for pattern in &entry.patterns {
                writeln!(f, "    = {pattern}")?;
            }
        }
        Ok(())
    }
}

/// Share of words that two texts have in common, 0 to 1; parameters count as words that differ.
fn likeness(expression: &str, text: &str) -> f64 {
    let words = |text: &str| -> Vec<String> {
        text.split_whitespace()
            .map(str::to_ascii_lowercase)
            .collect()
    };
    let (left, mut right) = (words(expression), words(text));
    let longest = left
        .iter()
        .filter(|word| !word.starts_with('{'))
        .count()
        .max(1);
    let mut shared = 0.0;
    for word in left {
        if let Some(place) = right.iter().position(|other| *other == word) {
            right.swap_remove(place);
            shared += 1.0;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a handful of words")]
    let share = shared / longest as f64;
    share
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(keyword: Keyword, expression: &str) -> CatalogueEntry {
        CatalogueEntry {
            keywords: vec![keyword],
            expression: expression.into(),
            patterns: Vec::new(),
            examples: Vec::new(),
            location: Location {
                path: "a.rs",
                line: 1,
                column: 1,
            },
        }
    }

    #[test]
    fn the_nearest_step_is_found_and_far_ones_are_not() {
        let catalogue = Catalogue {
            entries: vec![
                entry(Keyword::Given, "subarray {int} is in obsState {word}"),
                entry(
                    Keyword::When,
                    "the command {word} is sent to subarray {int}",
                ),
            ],
        };
        let near = catalogue
            .nearest(Keyword::Given, "subarray 1 is in obsstate of READY")
            .unwrap();
        assert_eq!(near, "Given subarray {int} is in obsState {word}");
        assert!(catalogue.nearest(Keyword::Given, "it rains").is_none());
    }
}
