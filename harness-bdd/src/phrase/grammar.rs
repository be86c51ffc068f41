//! All phrases of a book, ready to look at lines.

use std::collections::BTreeSet;

use regex::{Regex, RegexBuilder};

use super::{
    Pattern, PatternError, Phrase, Who, Words, kind, spelling, tidy, vocabulary::Vocabulary, who,
};
use crate::Keyword;

/// All phrases of a book, compiled for the devices of one telescope.
///
/// ```
/// use harness_bdd::{Keyword, phrase::{Grammar, Phrase}};
///
/// const POINTS: Phrase = Phrase::new("a dish points at a target")
///     .with_patterns(&["<who> (points at|is pointed at) <target:word>"]);
/// let grammar = Grammar::new(&[(POINTS, vec![Keyword::Then])], [])?;
/// let line = "The dish SKA001 is pointed at M87.";
/// let recognised = grammar.recognise(Keyword::Then, line).expect("a phrase");
/// assert_eq!(recognised.words.text("target"), Some("M87"));
/// # Ok::<(), harness_bdd::phrase::PatternError>(())
/// ```
#[derive(Debug, Default)]
pub struct Grammar {
    rules: Vec<Rule>,
    /// Of each phrase, under which keywords it is a step.
    keywords: Vec<Vec<Keyword>>,
    devices: Vec<String>,
    /// The words that typing errors are mended to.
    known: BTreeSet<String>,
}

/// One pattern, compiled.
#[derive(Debug)]
struct Rule {
    phrase: usize,
    regex: Regex,
    captures: Vec<(String, String)>,
}

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recognised {
    /// Which of the phrases it is, by its place among those that the grammar was made of.
    pub phrase: usize,
    /// What it fills in.
    pub words: Words,
    /// The line with its typing errors mended, if it had some.
    pub mended: Option<String>,
}

impl Grammar {
    /// The phrases with their keywords, for a telescope whose file gives these names to further
    /// devices.
    ///
    /// # Errors
    /// [`PatternError`] for the first text that is no pattern.
    pub fn new<'a>(
        phrases: &[(Phrase, Vec<Keyword>)],
        devices: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, PatternError> {
        let devices: Vec<String> = devices.into_iter().map(str::to_owned).collect();
        let vocabulary = Vocabulary::with_devices(devices.iter().map(String::as_str));
        let mut grammar = Self {
            rules: Vec::new(),
            keywords: phrases
                .iter()
                .map(|(_, keywords)| keywords.clone())
                .collect(),
            known: who::plain_words().map(str::to_owned).collect(),
            devices,
        };
        for (index, (phrase, _)) in phrases.iter().enumerate() {
            for text in phrase.patterns() {
                let pattern: Pattern = text.parse()?;
                grammar.known.extend(pattern.literals());
                grammar.rules.push(Rule::new(index, &pattern, &vocabulary)?);
            }
        }
        Ok(grammar)
    }

    /// What a line says under its keyword, by the first phrase that matches it.
    pub fn recognise(&self, keyword: Keyword, line: &str) -> Option<Recognised> {
        let tidied = tidy(line);
        if let Some((phrase, words)) = self.matched(keyword, &tidied).next() {
            return Some(Recognised {
                phrase,
                words,
                mended: None,
            });
        }
        let mended = spelling::mended(&tidied, &self.known)?;
        let (phrase, words) = self.matched(keyword, &mended).next()?;
        Some(Recognised {
            phrase,
            words,
            mended: Some(mended),
        })
    }

    /// The places of all phrases that match the line, for finding out which overlap.
    pub fn all(&self, keyword: Keyword, line: &str) -> Vec<usize> {
        let tidied = tidy(line);
        let mut places: Vec<usize> = self
            .matched(keyword, &tidied)
            .map(|(phrase, _)| phrase)
            .collect();
        places.dedup();
        places
    }

    fn matched<'a>(
        &'a self,
        keyword: Keyword,
        tidied: &'a str,
    ) -> impl Iterator<Item = (usize, Words)> + 'a {
        self.rules
            .iter()
            .filter(move |rule| {
                self.keywords
                    .get(rule.phrase)
                    .is_some_and(|known| known.contains(&keyword))
            })
            .filter_map(|rule| Some((rule.phrase, self.words(rule, tidied)?)))
    }

    /// What the line fills in, if it is of this rule.
    fn words(&self, rule: &Rule, tidied: &str) -> Option<Words> {
        // ASCII only, so that places in it are places in the line
        let small = format!("{} ", tidied.to_ascii_lowercase());
        let found = rule.regex.captures(&small)?;
        let mut words = Words {
            line: tidied.to_owned(),
            filled: Default::default(),
            who: Default::default(),
        };
        for (name, kind) in &rule.captures {
            let Some(place) = found.name(name) else {
                continue;
            };
            let filled = tidied.get(place.range())?.trim_end_matches(',');
            if kind == "who" {
                let who = Who::parse(filled, self.devices.iter().map(String::as_str))?;
                words.who.insert(name.clone(), who);
            } else if !kind::accepts(kind, filled) {
                return None;
            }
            words.filled.insert(name.clone(), filled.to_owned());
        }
        Some(words)
    }
}

impl Rule {
    fn new(
        phrase: usize,
        pattern: &Pattern,
        vocabulary: &Vocabulary,
    ) -> Result<Self, PatternError> {
        let captures = pattern.captures();
        let regex = RegexBuilder::new(&pattern.regex(vocabulary))
            .size_limit(SIZE_LIMIT)
            .build();
        match regex {
            Ok(regex) => Ok(Self {
                phrase,
                regex,
                captures,
            }),
            Err(error) => Err(PatternError {
                pattern: pattern.to_string(),
                reason: error.to_string(),
            }),
        }
    }
}

/// The most memory that one pattern may take, in octets.
const SIZE_LIMIT: usize = 16 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    const REACHES: Phrase = Phrase::new("reaches")
        .with_patterns(&["<who> {becomes} [{obsstate}] <target:obs> [{obsstate}]"]);
    const CALLS: Phrase = Phrase::new("calls").with_patterns(&["{i} call <command> [on <who>]"]);

    fn grammar() -> Grammar {
        let all = || Keyword::ALL.to_vec();
        Grammar::new(
            &[(REACHES, all()), (CALLS, vec![Keyword::When])],
            ["station"],
        )
        .unwrap()
    }

    #[test]
    fn one_phrase_is_written_in_many_ways() {
        for line in [
            "the TMC, CSP and SDP subarrays transition to RESOURCING obsState",
            "Tmc SubarrayNode 1 transitions to Resourcing ObsState",
            "the sub-array goes to ObsState RESOURCING.",
            "subarray 001 should be transitioned back to the resourcing state",
            "it becomes RESOURCING",
            "the CSP subarray must go to a RESOURCING observation state",
            "tmc subarraynode reports RESOURCING obsState",
        ] {
            let found = grammar()
                .recognise(Keyword::When, line)
                .unwrap_or_else(|| panic!("{line}"));
            assert_eq!(found.phrase, 0, "{line}");
            let target = found.words.text("target").unwrap().to_uppercase();
            assert_eq!(target, "RESOURCING", "{line}");
            assert_eq!(found.mended, None, "{line}");
        }
    }

    #[test]
    fn typing_errors_are_mended_and_told() {
        let found = grammar()
            .recognise(Keyword::When, "csp subbaray transitons to IDLE")
            .unwrap();
        assert_eq!(
            found.mended.as_deref(),
            Some("csp subarray transitions to IDLE")
        );
    }

    #[test]
    fn values_keep_their_letters() {
        let found = grammar()
            .recognise(Keyword::When, "I call LoadDishCfg on the station")
            .unwrap();
        assert_eq!(found.phrase, 1);
        assert_eq!(found.words.text("command"), Some("LoadDishCfg"));
        assert_eq!(
            found.words.who("who").unwrap().parts()[0].names,
            ["station"]
        );
        assert_eq!(found.words.text("target"), None);
    }

    #[test]
    fn what_nothing_matches_is_nothing() {
        for line in [
            "I call nobody",
            "the weather goes to IDLE",
            "both go to IDLE",
            "",
        ] {
            assert_eq!(grammar().recognise(Keyword::When, line), None, "{line}");
        }
    }
}
