//! The arguments of a step.

use std::{error::Error, str::FromStr};

use cucumber::step::Context;

/// An argument of a step that isn't there or isn't what the step needs.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ArgumentError {
    /// The step's text has fewer parameters: a mistake in the step, not in the feature file.
    #[error("the step `{step}` has no argument {number}; it has {available}")]
    Missing {
        /// The line of the feature file.
        step: String,
        /// Which argument was asked for, counted from 1.
        number: usize,
        /// How many there are.
        available: usize,
    },
    /// The word can't be understood.
    #[error("can't use `{word}` in `{step}`")]
    Unusable {
        /// The line of the feature file.
        step: String,
        /// The word that was given.
        word: String,
        /// Why not; for a state, with the words that are known.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
}

/// Argument `index` of the step, counted from 0 in the order of the `{parameters}` in its text.
///
/// # Errors
/// [`ArgumentError`], naming the step, the word, and why it can't be used.
pub fn argument<T>(context: &Context, index: usize) -> Result<T, ArgumentError>
where
    T: FromStr,
    T::Err: Into<Box<dyn Error + Send + Sync>>,
{
    parse(context, text(context, index)?)
}

/// Argument `index` of the step as a list, for the parameter `{words}`: `A, B and C`.
///
/// # Errors
/// As [`argument`], for the first word that can't be used.
pub fn list_argument<T>(context: &Context, index: usize) -> Result<Vec<T>, ArgumentError>
where
    T: FromStr,
    T::Err: Into<Box<dyn Error + Send + Sync>>,
{
    text(context, index)?
        .split(|character: char| character == ',' || character.is_whitespace())
        .filter(|word| !word.is_empty() && *word != "and" && *word != "then")
        .map(|word| parse(context, word))
        .collect()
}

fn parse<T>(context: &Context, word: &str) -> Result<T, ArgumentError>
where
    T: FromStr,
    T::Err: Into<Box<dyn Error + Send + Sync>>,
{
    word.parse()
        .map_err(|source: T::Err| ArgumentError::Unusable {
            step: context.step.value.clone(),
            word: word.to_owned(),
            source: source.into(),
        })
}

/// The text of an argument. `{string}` makes two named groups (`__3_0`, `__3_1`), one per kind of
/// quotes; of these the one that matched counts, as one argument.
fn text(context: &Context, index: usize) -> Result<&str, ArgumentError> {
    let mut arguments: Vec<(Option<&str>, &str)> = Vec::new();
    for (name, value) in context.matches.iter().skip(1) {
        let group = name.as_deref().and_then(quoted_group);
        match arguments.last_mut() {
            Some((last, text)) if group.is_some() && *last == group => {
                if text.is_empty() {
                    *text = value;
                }
            }
            _ => arguments.push((group, value)),
        }
    }
    let available = arguments.len();
    arguments
        .get(index)
        .map(|(_, text)| *text)
        .ok_or_else(|| ArgumentError::Missing {
            step: context.step.value.clone(),
            number: index + 1,
            available,
        })
}

/// `__3_0` -> `3`: which parameter a group of a `{string}` belongs to.
fn quoted_group(name: &str) -> Option<&str> {
    name.strip_prefix("__")?
        .rsplit_once('_')
        .map(|(parameter, _)| parameter)
}

#[cfg(test)]
mod tests {
    use std::fmt;

    use cucumber::step::Collection;
    use futures_util::future::LocalBoxFuture;

    use super::*;
    use crate::StepBook;

    #[derive(Debug, Default, cucumber::World)]
    struct Blank;

    fn nothing(_: &mut Blank, _: Context) -> LocalBoxFuture<'_, ()> {
        Box::pin(async {})
    }

    /// The context cucumber makes for `line` when it matches `expression`.
    fn context(expression: &str, line: &str) -> Context {
        let source = format!("Feature: f\n  Scenario: s\n    Given {line}\n");
        let feature =
            cucumber::gherkin::Feature::parse(source, cucumber::gherkin::GherkinEnv::default())
                .unwrap();
        let steps: Collection<Blank> = StepBook::new()
            .given(expression, nothing)
            .into_collection()
            .unwrap();
        steps
            .find(&feature.scenarios[0].steps[0])
            .unwrap()
            .expect("the line matches")
            .3
    }

    #[test]
    fn arguments_are_taken_in_the_order_of_the_text() {
        let context = context(
            "subarray {int} is in obsState {word}",
            "subarray 2 is in obsState READY",
        );
        assert_eq!(argument::<u32>(&context, 0).unwrap(), 2);
        assert_eq!(argument::<String>(&context, 1).unwrap(), "READY");
    }

    #[test]
    fn a_quoted_string_is_one_argument() {
        for quoted in ["\"a b\"", "'a b'"] {
            let context = context(
                "the note {string} for {int}",
                &format!("the note {quoted} for 3"),
            );
            assert_eq!(argument::<String>(&context, 0).unwrap(), "a b");
            assert_eq!(argument::<u32>(&context, 1).unwrap(), 3);
        }
    }

    #[test]
    fn two_quoted_strings_are_two_arguments() {
        let context = context("{string} and {string}", "\"\" and 'b'");
        assert_eq!(argument::<String>(&context, 0).unwrap(), "");
        assert_eq!(argument::<String>(&context, 1).unwrap(), "b");
    }

    #[test]
    fn a_list_is_split_into_its_words() {
        for list in ["A, B and C", "A then B then C", "A,B,C", "A, B, and C"] {
            let context = context("through {words}", &format!("through {list}"));
            assert_eq!(
                list_argument::<String>(&context, 0).unwrap(),
                ["A", "B", "C"],
                "{list}"
            );
        }
    }

    #[test]
    fn a_word_that_cannot_be_used_is_named_with_the_reason() {
        let context = context("it is {word}", "it is tall");
        let error = argument::<u32>(&context, 0).unwrap_err();
        assert_eq!(error.to_string(), "can't use `tall` in `it is tall`");
        let reason: &dyn fmt::Display = error.source().unwrap();
        assert_eq!(reason.to_string(), "invalid digit found in string");
    }

    #[test]
    fn an_argument_that_is_not_in_the_text_is_refused() {
        let error = argument::<u32>(&context("it is {word}", "it is 7"), 1).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the step `it is 7` has no argument 2; it has 1"
        );
    }
}
