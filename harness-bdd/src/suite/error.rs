//! Why a suite could not be run at all.

use std::error::Error;

use super::AmbiguousStep;
use crate::{StepBookError, feature::FeatureError, report::ReportError};

/// A mistake that is found before the first step, or a report that can't be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SuiteError {
    /// The book of steps can't be used.
    #[error("the book of steps can't be used")]
    Book(#[from] StepBookError),
    /// Feature files can't be used.
    #[error("{}", every(.0))]
    Features(Vec<FeatureError>),
    /// Lines that several steps match, so that nobody can say which was meant.
    #[error("several steps match the same line; change the text of one of them:\n{}", each(.0))]
    Ambiguous(Vec<AmbiguousStep>),
    /// A report can't be written.
    #[error(transparent)]
    Report(#[from] ReportError),
}

/// All of the errors with their causes, one to a line: none of them is the one that matters most.
fn every(errors: &[FeatureError]) -> String {
    errors.iter().map(told).collect::<Vec<_>>().join("\n")
}

/// An error with its cause, in a line.
pub(super) fn told(error: &FeatureError) -> String {
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn each(steps: &[AmbiguousStep]) -> String {
    let steps: Vec<_> = steps.iter().map(ToString::to_string).collect();
    steps.join("\n")
}
