//! Books of reusable steps: written once, used by any World.
//!
//! [`StepBook`] collects steps and remembers where each was written; [`Catalogue`] lists them;
//! [`StepFinder`] says which of them a line is.

mod attributes;
mod binding;
mod book;
mod catalogue;
mod error;
mod expression;
mod finder;
mod listing;
mod overlap;
mod warning;

pub(crate) use self::binding::Bound;
pub use self::{
    book::StepBook,
    catalogue::{Catalogue, CatalogueEntry, Keyword},
    error::StepBookError,
    finder::{FoundStep, Reading, StepFinder},
    overlap::Overlap,
};
