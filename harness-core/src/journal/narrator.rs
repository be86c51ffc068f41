//! Entries in words.

use super::EntryKind;

/// Puts entries into words that the core can not find, such as those of long running commands;
/// closures `Fn(&EntryKind) -> Option<String>` are narrators.
///
/// What it tells stands beside an entry wherever entries are shown to people, in place of the raw
/// values.
pub trait Narrator: Send + Sync {
    /// The entry in one line, without the name of the device; `None` if it has nothing to add.
    /// Must not block.
    fn narrate(&self, entry: &EntryKind) -> Option<String>;
}

impl<F: Fn(&EntryKind) -> Option<String> + Send + Sync> Narrator for F {
    fn narrate(&self, entry: &EntryKind) -> Option<String> {
        self(entry)
    }
}
