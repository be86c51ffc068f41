//! Why a threshold can not be read.

use std::fmt::{self, Display, Formatter};

use super::figure::NAMES;

/// A threshold that can not be read: what is wrong with it, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the threshold `{text}`, column {column}: {problem}")]
pub struct ThresholdError {
    /// As it was written.
    text: String,
    /// The letter where it goes wrong, from 1.
    column: usize,
    problem: Problem,
}

impl ThresholdError {
    pub(super) fn new(text: &str, column: usize, problem: Problem) -> ThresholdError {
        let text = text.to_owned();
        ThresholdError {
            text,
            column,
            problem,
        }
    }

    /// Which letter of the text it is that goes wrong, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.column
    }
}

/// What is wrong with a threshold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Problem {
    #[error("there is no figure `{0}`; there is {Known}{near}", near = Near(.0))]
    Figure(String),
    #[error("a percentile is a number from 0 to 100, as in p95 or p99.9")]
    Percentile,
    #[error("here must be <, <=, > or >=")]
    Operator,
    #[error("here must be a number, as in {0}")]
    Number(&'static str),
    #[error("`{found}` is no unit of {of}; write {units}")]
    Unit {
        found: String,
        of: &'static str,
        units: &'static str,
    },
    #[error("a share is less than 1, or has a percent sign: 1% or 0.01")]
    Share,
    #[error("a number of something is whole")]
    Fraction,
    #[error(
        "`{0}` can't stand here; after the number there is `for ACTION`, `outside faults`, `during faults`, `or end` and `or end after 10s`, in this order"
    )]
    Clause(String),
    #[error("`{figure}` is of the whole load: {what} can't be chosen")]
    OfAll {
        figure: &'static str,
        what: &'static str,
    },
    #[error("only times can be those of {0}: pN, avg, min and max")]
    NoTime(&'static str),
    #[error("the action is named twice")]
    Twice,
    #[error("here must be the name of an action, in quotes if it holds odd letters")]
    Action,
    #[error("the quotes, or the bracket, are never closed")]
    Open,
    #[error("here must be a time of at most 1000 h, as in 10s")]
    Time,
}

/// All figures there are.
struct Known;

impl Display for Known {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let (last, others) = NAMES.split_last().unwrap_or((&"", &[]));
        write!(f, "pN (p95, p99.9), {} and {last}", others.join(", "))
    }
}

/// What may have been meant.
struct Near<'a>(&'a str);

impl Display for Near<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let distance = |name: &str| strsim::osa_distance(name, self.0);
        let near = NAMES.iter().map(|name| (distance(name), *name)).min();
        match near {
            // in short names two wrong letters are half of it
            Some((distance, name)) if distance <= if name.len() < 6 { 1 } else { 2 } => {
                write!(f, "; did you mean {name}?")
            }
            _ => Ok(()),
        }
    }
}
