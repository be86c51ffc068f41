//! What the last AssignResources named.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::place::{Place, everywhere};

/// What the last AssignResources named: its blocks and the scan types that they define.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AssignedIds {
    eb_ids: Vec<String>,
    pb_ids: Vec<String>,
    scan_types: Vec<String>,
    /// The ids by those that stood in the document as it was written.
    by_written: BTreeMap<String, String>,
}

impl AssignedIds {
    /// The id of its execution block, if it has one.
    #[must_use]
    pub fn eb_id(&self) -> Option<&str> {
        self.eb_ids.first().map(String::as_str)
    }

    /// The ids of its processing blocks.
    #[must_use]
    pub fn pb_ids(&self) -> &[String] {
        &self.pb_ids
    }

    /// The scan types that its execution block defines, without those to derive from
    /// (`.default`).
    #[must_use]
    pub fn scan_types(&self) -> &[String] {
        &self.scan_types
    }

    /// The ids under a key.
    pub(super) fn under(&self, key: &str) -> &[String] {
        match key {
            "eb_id" => &self.eb_ids,
            "pb_id" => &self.pb_ids,
            _ => &[],
        }
    }

    /// The id that took the place of this one.
    pub(super) fn instead_of(&self, written: &str) -> Option<&str> {
        self.by_written.get(written).map(String::as_str)
    }

    /// Notes that one id took the place of another.
    pub(super) fn replace(&mut self, id: &str, by: &str) {
        let mut known = false;
        for value in self.by_written.values_mut().filter(|value| *value == id) {
            by.clone_into(value);
            known = true;
        }
        if !known {
            self.by_written.insert(id.to_owned(), by.to_owned());
        }
    }

    /// Reads anew what a document names.
    pub(super) fn read(&mut self, json: &Json) {
        self.eb_ids = texts(json, "eb_id");
        self.pb_ids = texts(json, "pb_id");
        self.scan_types = texts(json, "scan_type_id");
        self.scan_types.retain(|name| !name.starts_with('.'));
    }
}

fn texts(json: &Json, key: &str) -> Vec<String> {
    let places = everywhere(json, &Place::default(), key);
    let texts = places.iter().filter_map(|place| place.get(json)?.as_str());
    let mut each: Vec<String> = Vec::new();
    for text in texts {
        if !each.iter().any(|known| known == text) {
            each.push(text.to_owned());
        }
    }
    each
}
