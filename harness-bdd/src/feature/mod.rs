//! Feature files: finding them, reading them, choosing scenarios.
//!
//! Everything is read before the first step runs, so that a mistake in a file costs no telescope
//! time.

mod error;
mod load;
mod selection;
mod tag_expression;

pub(crate) use self::selection::Selected;
pub use self::{
    error::{FeatureError, SelectionError},
    load::{load, parse},
    selection::{NotApplicable, Selection},
};
