//! Feature files: finding them, reading them, choosing scenarios.
//!
//! Everything is read before the first step runs, so that a mistake in a file costs no telescope
//! time, and because cucumber's runner must never wait for its parser.

mod error;
mod load;
mod parsed;
mod selection;

pub use self::{
    error::{FeatureError, SelectionError},
    load::{load, parse},
    selection::{NotApplicable, Selection},
};
pub(crate) use self::{parsed::Parsed, selection::Selected};
