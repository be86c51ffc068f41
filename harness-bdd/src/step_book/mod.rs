//! Books of reusable steps: written once, used by any World.
//!
//! [`StepBook`] collects steps and remembers where each was written; [`Catalogue`] lists them.

mod binding;
mod book;
mod catalogue;
mod error;
mod expression;

pub(crate) use self::binding::Bound;
pub use self::{
    book::StepBook,
    catalogue::{Catalogue, CatalogueEntry, Keyword},
    error::StepBookError,
};
