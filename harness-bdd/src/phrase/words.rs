//! What a line fills in.

use std::{collections::BTreeMap, fmt::Display, str::FromStr};

use super::{Who, WordError};

/// What a line fills in, by the names in the pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub(super) line: String,
    pub(super) filled: BTreeMap<String, String>,
    pub(super) who: BTreeMap<String, Who>,
}

impl Words {
    /// The line without what means nothing.
    pub fn line(&self) -> &str {
        &self.line
    }

    /// What was filled in for `name`, without quotation marks; [`None`] if this line leaves it out.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.filled.get(name).map(|words| unquoted(words))
    }

    /// All names of the pattern that this line fills in, with the words as they stand there.
    pub fn filled(&self) -> impl Iterator<Item = (&str, &str)> {
        self.filled
            .iter()
            .map(|(name, words)| (name.as_str(), words.as_str()))
    }

    /// Whom the line names for `name`; [`None`] if it names nobody.
    pub fn who(&self, name: &str) -> Option<&Who> {
        self.who.get(name)
    }

    /// What was filled in for `name`, as a value; [`None`] if this line leaves it out.
    ///
    /// # Errors
    /// [`WordError::Unusable`] with the reason.
    pub fn value<T>(&self, name: &str) -> Result<Option<T>, WordError>
    where
        T: FromStr,
        T::Err: Display,
    {
        self.text(name).map(|word| self.parse(word)).transpose()
    }

    /// What was filled in for `name`, as a value.
    ///
    /// # Errors
    /// [`WordError::Absent`] if this line leaves it out, and as [`value`](Self::value).
    pub fn needed<T>(&self, name: &str) -> Result<T, WordError>
    where
        T: FromStr,
        T::Err: Display,
    {
        self.value(name)?.ok_or_else(|| WordError::Absent {
            line: self.line.clone(),
            name: name.to_owned(),
        })
    }

    /// What was filled in for `name`, word by word, without what joins them: `A, B and C`, `A then B`,
    /// `from A to B`. Nothing if this line leaves it out.
    ///
    /// # Errors
    /// As [`value`](Self::value), for the first that can't be used.
    pub fn list<T>(&self, name: &str) -> Result<Vec<T>, WordError>
    where
        T: FromStr,
        T::Err: Display,
    {
        self.text(name)
            .unwrap_or_default()
            .split([',', ' '])
            .filter(|word| !["", "and", "or", "then", "to"].contains(&word.to_lowercase().as_str()))
            .map(|word| self.parse(word))
            .collect()
    }

    fn parse<T>(&self, word: &str) -> Result<T, WordError>
    where
        T: FromStr,
        T::Err: Display,
    {
        word.parse().map_err(|reason: T::Err| WordError::Unusable {
            line: self.line.clone(),
            word: word.to_owned(),
            reason: reason.to_string(),
        })
    }
}

fn unquoted(words: &str) -> &str {
    let mut quotes = ['"', '`', '\''].into_iter();
    let inside = quotes.find_map(|quote| words.strip_prefix(quote)?.strip_suffix(quote));
    // `"a", "b"` is a list of quotations and not one
    inside
        .filter(|inside| !inside.contains(['"', '`']))
        .unwrap_or(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(name: &str, filled: &str) -> Words {
        Words {
            line: "the line".into(),
            filled: [(name.to_owned(), filled.to_owned())].into(),
            who: BTreeMap::new(),
        }
    }

    #[test]
    fn quotation_marks_go_and_lists_of_quotations_stay() {
        assert_eq!(words("a", "\"b c\"").text("a"), Some("b c"));
        assert_eq!(words("a", "`b`").text("a"), Some("b"));
        assert_eq!(words("a", "\"b\", \"c\"").text("a"), Some("\"b\", \"c\""));
    }

    #[test]
    fn lists_are_taken_apart() {
        let words = words("n", "1, 2 and 3");
        assert_eq!(words.list::<u32>("n").unwrap(), [1, 2, 3]);
        assert!(words.list::<u32>("absent").unwrap().is_empty());
    }

    #[test]
    fn what_cannot_be_used_is_told_with_the_line() {
        let error = words("n", "many")
            .needed::<u32>("n")
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "can't use `many` in `the line`: invalid digit found in string"
        );
        let error = words("n", "1").needed::<u32>("m").unwrap_err().to_string();
        assert_eq!(error, "`the line` says nothing for <m>");
    }
}
