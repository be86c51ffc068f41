//! Why a library does not give a document.

use std::fmt;
use std::path::PathBuf;

use thiserror::Error;

use super::nearest::told;

/// Why a library does not give a document.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LibraryError {
    /// A folder can not be read.
    #[error("the folder of inputs {} can not be read", path.display())]
    Folder {
        /// The folder, or one below it.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// There is no such file.
    #[error("there is no input {stem} {}{}", Below(.folders), told(.nearest))]
    Unknown {
        /// What was looked for.
        stem: String,
        /// Where.
        folders: Vec<PathBuf>,
        /// Stems that may have been meant.
        nearest: Vec<String>,
    },
    /// There are several.
    #[error("{stem} is {}; say more of the path", Each(.paths))]
    Ambiguous {
        /// What was looked for.
        stem: String,
        /// The files.
        paths: Vec<PathBuf>,
    },
    /// The file can not be read.
    #[error("the input {} can not be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is no JSON object.
    #[error("the input {origin} is no JSON object")]
    Json {
        /// The file.
        origin: String,
        /// Why, with line and column.
        #[source]
        source: serde_json::Error,
    },
}

struct Below<'a>(&'a [PathBuf]);

impl fmt::Display for Below<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return formatter.write_str("among the embedded ones; set `folder` under [inputs]");
        }
        let folders: Vec<String> = self
            .0
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        write!(formatter, "below {}", folders.join(", "))
    }
}

struct Each<'a>(&'a [PathBuf]);

impl fmt::Display for Each<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths: Vec<String> = self
            .0
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        formatter.write_str(&paths.join(" and "))
    }
}
