//! Feature files: finding them, reading them, choosing scenarios.
//!
//! What departs from standard Gherkin is read as telescope teams mean it, and told as a
//! [`FeatureWarning`]. Everything is read before the first step runs, so that a mistake in a file costs no telescope
//! time, and because cucumber's runner must never wait for its parser.

mod dialect;
mod error;
mod expand;
mod load;
mod parsed;
mod read;
mod selection;
mod warning;

pub(crate) use self::{dialect::distance, parsed::Parsed, selection::Selected};
pub use self::{
    error::{FeatureError, SelectionError},
    expand::NO_STEPS,
    load::{Loaded, load, load_readable, parse, parse_all},
    selection::{NotApplicable, Selection},
    warning::{Departure, FeatureWarning},
};
