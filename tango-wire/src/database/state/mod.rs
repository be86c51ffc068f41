//! What a database holds, as JSON: to look at, to edit by hand, to start from again.

mod conversion;
mod document;
mod entries;
mod error;
mod file;
mod keeper;

pub(super) use conversion::{from_json, to_json};
pub(super) use document::Document;
pub use error::StateError;
pub(super) use file::{read, read_if_there, write};
pub(super) use keeper::Keeper;

#[cfg(test)]
mod tests;
