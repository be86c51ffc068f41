//! Why a suite could not be run at all.

use std::error::Error;

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
    /// A report can't be written.
    #[error(transparent)]
    Report(#[from] ReportError),
}

/// All of the errors with their causes, one to a line: none of them is the one that matters most.
fn every(errors: &[FeatureError]) -> String {
    errors
        .iter()
        .map(|error| match error.source() {
            Some(source) => format!("{error}: {source}"),
            None => error.to_string(),
        })
        .collect::<Vec<_>>()
        .join("\n")
}
