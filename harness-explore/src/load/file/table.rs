//! A table of a file, of which every key must be known.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::entry::Entry;
use super::names::{listed, near};
use super::notes::Notes;

/// A table that is read key by key; what nobody asked for is unknown.
#[derive(Debug)]
pub(super) struct Table<'t> {
    pub(super) notes: &'t Notes<'t>,
    /// The keys that lead here, with points between.
    pub(super) path: String,
    pub(super) span: Range<usize>,
    table: &'t DeTable<'t>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'t> Table<'t> {
    pub(super) fn of(
        notes: &'t Notes<'t>,
        path: impl Into<String>,
        span: Range<usize>,
        table: &'t DeTable<'t>,
    ) -> Table<'t> {
        Table {
            notes,
            path: path.into(),
            span,
            table,
            asked: RefCell::default(),
        }
    }

    /// What stands at a key, if anything does.
    pub(super) fn get(&self, key: &'static str) -> Option<Entry<'t>> {
        self.asked.borrow_mut().push(key);
        let value = self.find(key)?;
        Some(Entry::of(
            self.notes,
            self.path_of(key),
            value.span(),
            value.get_ref(),
        ))
    }

    /// What must stand at a key.
    pub(super) fn need(&self, key: &'static str, why: &str) -> Option<Entry<'t>> {
        let found = self.get(key);
        if found.is_none() {
            self.wrong(format!("`{key}` is missing: {why}"));
        }
        found
    }

    /// Whether a key is there. It counts as asked for.
    pub(super) fn has(&self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    /// Something is wrong with the table as a whole.
    pub(super) fn wrong(&self, words: impl Into<String>) {
        self.notes.wrong(&self.span, &self.path, words);
    }

    /// A key that must not be here beside others.
    pub(super) fn refuse(&self, key: &'static str, words: &str) {
        if let Some(entry) = self.get(key) {
            entry.wrong(words);
        }
    }

    /// Nothing else is asked for: whatever there is besides is unknown.
    pub(super) fn end(&self) {
        let known = self.asked.borrow();
        let mut known: Vec<&str> = known.clone();
        known.sort_unstable();
        known.dedup();
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let near = near(name, &known);
                let stop = if near.is_empty() { ";" } else { "" };
                let known = listed(&known);
                let words = format!("there is no such key{near}{stop} here can be {known}");
                self.notes.wrong(&key.span(), &self.path_of(name), words);
            }
        }
    }

    fn find(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        let mut entries = self.table.iter();
        let found = entries.find(|(name, _)| name.get_ref() == key);
        found.map(|(_, value)| value)
    }

    fn path_of(&self, key: &str) -> String {
        match self.path.is_empty() {
            true => key.to_owned(),
            false => format!("{}.{key}", self.path),
        }
    }
}
