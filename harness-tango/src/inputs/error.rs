//! What can be wrong with an input, and with an edit of it.

use std::path::PathBuf;

use thiserror::Error;

use super::library_error::LibraryError;
use super::nearest::told;

/// What is wrong with an input.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum InputError {
    /// The file can not be read.
    #[error("the input of {command}, {}, can not be read", path.display())]
    Read {
        /// The command.
        command: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The text is no JSON object.
    #[error("the input of {command}, {origin}, is no JSON object")]
    Json {
        /// The command.
        command: &'static str,
        /// The file, or what else it was.
        origin: String,
        /// Why, with line and column.
        #[source]
        source: serde_json::Error,
    },
    /// The library does not have it.
    #[error(transparent)]
    Library(#[from] LibraryError),
}

/// Why a document can not be edited.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum EditError {
    /// A path leads nowhere.
    #[error(
        "{document} has no {path}: {reached} {}{}",
        Keys(.keys), told(.nearest)
    )]
    NoSuchPath {
        /// The document.
        document: String,
        /// The path.
        path: String,
        /// How far it leads.
        reached: String,
        /// The keys that are there.
        keys: Vec<String>,
        /// Those of them that may have been meant.
        nearest: Vec<String>,
    },
    /// A key stands nowhere in it.
    #[error("{document} has no key {key} at any depth{}", told(.nearest))]
    NoSuchKey {
        /// The document.
        document: String,
        /// The key.
        key: String,
        /// Keys that may have been meant.
        nearest: Vec<String>,
    },
    /// What is to be added is there already.
    #[error("{document} has {path} already; set it instead")]
    Exists {
        /// The document.
        document: String,
        /// Where.
        path: String,
    },
    /// What is to be edited is of another kind.
    #[error("{path} of {document} is no {expected}")]
    WrongKind {
        /// The document.
        document: String,
        /// Where.
        path: String,
        /// What was expected: `object`, `list`.
        expected: &'static str,
    },
    /// There are no ids of an earlier assignment.
    #[error("nothing was assigned before that has an {key}; assign resources first")]
    NothingAssigned {
        /// `eb_id` or `pb_id`.
        key: String,
    },
}

struct Keys<'a>(&'a [String]);

impl std::fmt::Display for Keys<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.0 {
            [] => formatter.write_str("has no keys"),
            keys => write!(formatter, "has {}", keys.join(", ")),
        }
    }
}
