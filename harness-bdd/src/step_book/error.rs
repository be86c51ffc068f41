//! What can be wrong with a book of steps.

use cucumber::step::Location;

use super::Keyword;
use crate::phrase::PatternError;

/// A step that can't be in the book.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StepBookError {
    /// The same text twice under one keyword: every line that uses it would be ambiguous.
    #[error("`{keyword} {expression}` is defined twice, {}", twice(.first, .second))]
    Duplicate {
        /// Given, When or Then.
        keyword: Keyword,
        /// The text as it was written.
        expression: String,
        /// Where it was first defined.
        first: Location,
        /// Where it was defined again.
        second: Location,
    },
    /// The text is not a Cucumber Expression.
    #[error("`{keyword} {expression}` at {location} is not a Cucumber Expression: {reason}")]
    Expression {
        /// Given, When or Then.
        keyword: Keyword,
        /// The text as it was written.
        expression: String,
        /// Where it was defined.
        location: Location,
        /// What is wrong with it.
        reason: String,
    },
    /// The text of a step by grammar is no pattern.
    #[error(transparent)]
    Pattern(#[from] PatternError),
    /// The lines of the features can't be bound.
    #[error("the lines of the features can't be bound to steps: {reason}")]
    TooManyLines {
        /// Why.
        reason: String,
    },
}

/// Both places, and what to do.
fn twice(first: &Location, second: &Location) -> String {
    if first == second {
        return format!("both times at {first}; merge its book once only");
    }
    format!("at {first} and at {second}; remove one or change its text")
}
