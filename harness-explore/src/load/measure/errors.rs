//! The different errors of a run, each with how often and when it came first.

use std::collections::HashMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::class::ResultClass;
use super::seconds;

/// So many different errors are told apart; the rest is counted together.
const MOST: usize = 100;

/// What is written instead of the words of the errors that are not told apart.
const OTHERS: &str = "other errors";

/// So many letters of an error are kept.
const LETTERS: usize = 300;

/// An error, and all that differ from it in numbers only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DistinctError {
    /// What was done.
    pub action: String,
    /// What became of it.
    pub class: ResultClass,
    /// The words of the one that came first.
    pub words: String,
    /// How many there were.
    pub count: u64,
    /// When the first came, after the clock was started.
    #[serde(with = "seconds")]
    pub first: Duration,
    /// When the last came.
    #[serde(with = "seconds")]
    pub last: Duration,
}

/// The different errors of a run.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    known: HashMap<(String, ResultClass, String), DistinctError>,
}

impl Errors {
    pub(crate) fn record(&mut self, action: &str, class: ResultClass, words: &str, at: Duration) {
        let words: String = words.chars().take(LETTERS).collect();
        self.add(DistinctError {
            action: action.to_owned(),
            class,
            words,
            count: 1,
            first: at,
            last: at,
        });
    }

    pub(crate) fn add(&mut self, mut error: DistinctError) {
        let mut key = (error.action.clone(), error.class, shape(&error.words));
        if !self.known.contains_key(&key) && self.known.len() >= MOST {
            OTHERS.clone_into(&mut error.words);
            error.action.clear();
            key = (String::new(), error.class, OTHERS.to_owned());
        }
        match self.known.get_mut(&key) {
            None => {
                self.known.insert(key, error);
            }
            Some(known) => {
                known.count += error.count;
                if error.first < known.first {
                    known.words = error.words;
                    known.first = error.first;
                }
                known.last = known.last.max(error.last);
            }
        }
    }

    /// The most frequent first.
    pub(crate) fn sorted(&self) -> Vec<DistinctError> {
        let mut errors: Vec<_> = self.known.values().cloned().collect();
        errors.sort_by(|a, b| {
            let order = b.count.cmp(&a.count).then(a.first.cmp(&b.first));
            order.then_with(|| (&a.action, &a.words).cmp(&(&b.action, &b.words)))
        });
        errors
    }
}

/// The words without what differs from one time to the next: numbers, and identifiers that hold some.
fn shape(words: &str) -> String {
    let mut shape = String::with_capacity(words.len());
    for word in words.split_inclusive(|letter: char| !letter.is_alphanumeric()) {
        if word.contains(|letter: char| letter.is_ascii_digit()) {
            shape.push('#');
            shape.extend(word.chars().last().filter(|last| !last.is_alphanumeric()));
        } else {
            shape.push_str(word);
        }
    }
    shape
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Duration = Duration::from_secs(3);

    #[test]
    fn errors_that_differ_in_numbers_only_are_one() {
        let mut errors = Errors::default();
        for (words, at) in [
            ("scan 12 of low-csp/subarray/02 failed: 0x3f", 5),
            ("scan 7 of low-csp/subarray/11 failed: 0x3e", 2),
            ("no such beam", 9),
        ] {
            errors.record("Scan", ResultClass::DevFailed, words, AT * at);
        }
        let told = errors.sorted();
        assert_eq!(told.len(), 2);
        assert_eq!(
            (told[0].count, told[0].first, told[0].last),
            (2, AT * 2, AT * 5)
        );
        assert_eq!(told[0].words, "scan 7 of low-csp/subarray/11 failed: 0x3e");
    }

    #[test]
    fn the_same_words_of_another_action_or_class_are_another_error() {
        let mut errors = Errors::default();
        errors.record("Scan", ResultClass::DevFailed, "no", AT);
        errors.record("Scan", ResultClass::Rejected, "no", AT);
        errors.record("End", ResultClass::Rejected, "no", AT);
        assert_eq!(errors.sorted().len(), 3);
    }

    #[test]
    fn a_device_that_never_says_the_same_twice_does_not_fill_the_memory() {
        let mut errors = Errors::default();
        for it in 0..10_000_u32 {
            let letters: String = format!("{it:04}")
                .bytes()
                .map(|it| char::from(it + 49))
                .collect();
            errors.record("Scan", ResultClass::DevFailed, &letters, AT);
        }
        let told = errors.sorted();
        assert_eq!(told.iter().map(|it| it.count).sum::<u64>(), 10_000);
        assert!(told.len() <= MOST + 1);
        assert_eq!(told[0].words, OTHERS);
    }
}
