//! The words that a grammar knows: those of the field, and the names of a telescope's own devices.

use super::{kind, who};

/// The words that a grammar knows beside its patterns.
#[derive(Clone, Debug)]
pub(super) struct Vocabulary {
    who: String,
}

impl Vocabulary {
    /// Knows devices also by these names, as the telescope's file gives them.
    pub(super) fn with_devices<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            who: who::regex(names),
        }
    }

    /// The regular expression of a kind. A pattern with a kind that isn't known can't be made.
    pub(super) fn regex(&self, kind: &str) -> String {
        match kind {
            "who" => self.who.clone(),
            _ => kind::regex(kind).unwrap_or_default(),
        }
    }
}

impl Default for Vocabulary {
    fn default() -> Self {
        Self::with_devices([])
    }
}
