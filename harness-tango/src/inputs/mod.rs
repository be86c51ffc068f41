//! What commands are given: JSON documents, found by name, edited, and broken on purpose.
//!
//! | type | holds |
//! |---|---|
//! | [`Inputs`] | the inputs of a subarray's commands, new ids and rising scans included |
//! | [`InputLibrary`] | JSON files below folders, found by stem, with the embedded ones beneath |
//! | [`InputDocument`] | one document and what was changed in it |
//! | [`InvalidInput`] | the ways to break a document that tests ask for by name |
//! | [`InputList`] | lists as tables of feature files write them |

mod assigned;
mod by_name;
mod change;
mod commands;
mod document;
mod embedded;
mod error;
mod invalid;
mod key;
mod library;
mod library_error;
mod list;
mod nearest;
mod observation;
mod place;
mod section;
mod template;
mod unique_id;
mod variant_name;

pub use assigned::AssignedIds;
pub use by_name::NamedInputError;
pub use change::Change;
pub use commands::Inputs;
pub use document::InputDocument;
pub use error::{EditError, InputError};
pub use invalid::InvalidInput;
pub use library::InputLibrary;
pub use library_error::LibraryError;
pub use list::InputList;
pub use section::{InputSection, UnknownSection};
pub use variant_name::UnknownVariant;
