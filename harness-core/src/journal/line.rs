//! The lines of a journal file; `docs/journal.md` describes them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};
use std::time::SystemTime;

use serde::Serialize;

use super::entry::rfc3339;
use super::{Entry, EntryKind, Narrator};

/// The version of the schema of journal files, which their first line states.
///
/// It is raised when something that a reader may rely on goes or changes its meaning; new fields
/// and new kinds of lines leave it as it is.
pub const SCHEMA_VERSION: u32 = 1;

/// Who puts entries into words, once somebody has been found.
pub(super) type Words = Arc<OnceLock<Box<dyn Narrator>>>;

/// An entry in words, if there are any. A narrator that panics costs its words, and nothing else.
pub(super) fn narrated(words: &Words, entry: &EntryKind) -> Option<String> {
    let narrator = words.get()?;
    catch_unwind(AssertUnwindSafe(|| narrator.narrate(entry))).unwrap_or_default()
}

/// The first line: what the file is.
#[derive(Serialize)]
#[serde(tag = "kind", rename = "journal")]
pub(super) struct Header {
    version: u32,
    /// When the record was begun, which `at_seconds` of the entries counts from.
    #[serde(serialize_with = "rfc3339")]
    started: SystemTime,
    /// The version of the harness that writes.
    harness: &'static str,
}

impl Header {
    pub(super) fn new(started: SystemTime) -> Self {
        Self {
            version: SCHEMA_VERSION,
            started,
            harness: env!("CARGO_PKG_VERSION"),
        }
    }
}

/// An entry, and what the narrator says of it.
#[derive(Serialize)]
pub(super) struct Line<'a> {
    #[serde(flatten)]
    entry: &'a Entry,
    #[serde(skip_serializing_if = "Option::is_none")]
    told: Option<String>,
}

impl<'a> Line<'a> {
    pub(super) fn new(entry: &'a Entry, words: &Words) -> Self {
        Self {
            entry,
            told: narrated(words, &entry.kind),
        }
    }
}

/// Stands where entries are missing, since the writer was too slow.
#[derive(Serialize)]
#[serde(tag = "kind", rename = "left_out")]
pub(super) struct LeftOut {
    pub(super) entries: u64,
}
