//! Feature files: finding them, reading them, choosing scenarios.
//!
//! What departs from standard Gherkin is read as telescope teams mean it, and told as a
//! [`FeatureWarning`]. Everything is read before the first step runs, so that a mistake in a file
//! costs no telescope time.

mod dialect;
mod error;
mod expand;
mod load;
mod read;
mod selection;
mod tag_expression;
mod warning;

pub(crate) use self::{dialect::distance, selection::Selected};
pub use self::{
    error::{FeatureError, SelectionError},
    expand::NO_STEPS,
    load::{Loaded, load, load_readable, parse, parse_all},
    selection::{NotApplicable, Selection},
    warning::{Departure, FeatureWarning},
};
