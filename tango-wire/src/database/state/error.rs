//! Why a database's state could not be read or written.

use std::{io, path::PathBuf};

/// Why a database's state could not be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StateError {
    /// The file cannot be read.
    #[error("cannot read the state file {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// The file cannot be written. What it held before is still there.
    #[error("cannot write the state file {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why not.
        #[source]
        source: io::Error,
    },
    /// What the file holds is not the state of a database.
    #[error("the state file {} cannot be used", path.display())]
    Contents {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: Box<StateError>,
    },
    /// It is no JSON, or not in the form of a state; the source says in which line.
    #[error("this is no state of a Tango database")]
    Json(#[from] serde_json::Error),
    /// It was written by a later version of this program.
    #[error("the state has version {found} of its form: this program reads version {known}")]
    Version {
        /// Its version.
        found: u64,
        /// The version that is known here.
        known: u64,
    },
    /// One of its entries makes no sense.
    #[error("{place}: {reason}")]
    Entry {
        /// Where it is, from outside to inside.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
}
