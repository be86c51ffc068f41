//! What a book of steps holds, as a list.

use std::fmt;

use cucumber::step::Location;
use harness_tango::control_model::ObsState;

use crate::phrase::tidy;

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
    /// What its book is about, if it says so: see [`StepBook::family`](super::StepBook::family).
    pub family: Option<&'static str>,
    /// Where in the source it was defined.
    pub location: Location,
    pub(super) is_phrase: bool,
}

impl CatalogueEntry {
    /// Whether it is a step by grammar.
    pub fn is_phrase(&self) -> bool {
        self.is_phrase
    }

    /// What a line of it looks like: the text as it was written, or the examples of a phrase.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        let text = (!self.is_phrase()).then_some(self.expression.as_str());
        self.examples.iter().map(String::as_str).chain(text)
    }
}

/// The steps of a book in the order in which they were added.
///
/// Its `Display` is the reference that a tester reads, by families: keyword and text, a line each;
/// below a phrase its examples.
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

/// Share of words that two texts have in common, 0 to 1. Singular and plural are the same, and so are all
/// obsStates; a parameter stands for any word, but says little.
fn likeness(expression: &str, text: &str) -> f64 {
    let words = |text: &str| -> Vec<String> { tidy(text).split(' ').map(stem).collect() };
    let (left, mut right) = (words(expression), words(text));
    let total = left.len() + right.len();
    let mut shared = 0.0;
    let mut parameters = 0_usize;
    for word in left {
        if word.starts_with('{') {
            parameters += 1;
        } else if let Some(place) = right.iter().position(|other| *other == word) {
            right.swap_remove(place);
            shared += 1.0;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a handful of words")]
    let (filled, total) = (parameters.min(right.len()) as f64, total.max(1) as f64);
    2.0 * (shared + filled / 4.0) / total
}

fn stem(word: &str) -> String {
    let word = word.to_ascii_lowercase();
    if word.parse::<ObsState>().is_ok() {
        return "<obsState>".into();
    }
    word.trim_end_matches([',', 's']).to_owned()
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
            family: None,
            location: Location {
                path: "a.rs",
                line: 1,
                column: 1,
            },
            is_phrase: false,
        }
    }

    #[test]
    fn another_state_is_nearer_than_other_words() {
        let near = likeness(
            "the TMC, CSP and SDP subarrays transition to RESOURCING obsState",
            "the CSP subarray dances to IDLE",
        );
        let far = likeness(
            "the {word} subarray takes {float} second(s) to {word}",
            "the CSP subarray dances to IDLE",
        );
        assert!(near > far, "{near} {far}");
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
