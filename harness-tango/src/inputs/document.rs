//! A JSON document and what was changed in it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value as Json;

use super::assigned::AssignedIds;
use super::change::Change;
use super::error::EditError;
use super::key::meant_by;
use super::nearest::nearest;
use super::place::{DeadEnd, Place, Token, all_keys, everywhere, locate, tokens};

/// A JSON document and what was changed in it.
///
/// Edits take the document and give it back, or say what they looked for and what there is. A path
/// is written `sdp.processing_blocks[0].pb_id`; without an index it leads into all elements of an
/// array that have the key. What an edit did is in [`changes`](Self::changes).
///
/// ```
/// use harness_tango::inputs::InputDocument;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let configure = InputDocument::parse("configure", r#"{"tmc": {"scan_duration": 10.0}}"#)?
///     .set("tmc.scan_duration", 2.5)?
///     .insert("tmc.partial_configuration", true)?;
/// assert_eq!(configure.changes()[0].to_string(), "tmc.scan_duration: 10.0 -> 2.5");
/// assert_eq!(configure.text(), r#"{"tmc":{"partial_configuration":true,"scan_duration":2.5}}"#);
///
/// let error = configure.set("tmc.duration", 1).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "configure has no tmc.duration: tmc has partial_configuration, scan_duration; \
///      nearest: scan_duration"
/// );
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "edits give a new document back"]
pub struct InputDocument {
    name: Arc<str>,
    json: Json,
    changes: Vec<Change>,
    /// What was assigned before this document.
    previous: AssignedIds,
    /// Where to note what it assigns, if it is one of AssignResources.
    record: Option<Arc<Mutex<AssignedIds>>>,
}

impl InputDocument {
    /// Reads a document; the name is told in errors.
    ///
    /// # Errors
    /// When the text is no JSON object, with line and column.
    pub fn parse(name: &str, text: &str) -> Result<InputDocument, serde_json::Error> {
        let members = serde_json::from_str::<serde_json::Map<String, Json>>(text)?;
        Ok(InputDocument::new(name, Json::Object(members)))
    }

    pub(super) fn new(name: &str, json: Json) -> InputDocument {
        InputDocument {
            name: name.into(),
            json,
            changes: Vec::new(),
            previous: AssignedIds::default(),
            record: None,
        }
    }

    /// The same, which knows what was assigned before.
    pub(super) fn after(mut self, previous: AssignedIds) -> InputDocument {
        self.previous = previous;
        self
    }

    /// The same, which notes what it assigns.
    pub(super) fn noting_in(mut self, record: &Arc<Mutex<AssignedIds>>) -> InputDocument {
        self.record = Some(Arc::clone(record));
        self.note();
        self
    }

    /// The same, as if nothing had been changed in it yet.
    pub(super) fn unedited(mut self) -> InputDocument {
        self.changes.clear();
        self
    }

    /// A copy whose edits are noted nowhere.
    pub(super) fn apart(&self) -> InputDocument {
        InputDocument {
            record: None,
            ..self.clone()
        }
    }

    pub(super) fn previous(&self) -> &AssignedIds {
        &self.previous
    }

    pub(super) fn json_mut(&mut self) -> &mut Json {
        &mut self.json
    }

    /// What it is, for people: `configure_low.json`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The JSON.
    #[must_use]
    pub fn json(&self) -> &Json {
        &self.json
    }

    /// The text of the JSON, on one line: what a command is given.
    #[must_use]
    pub fn text(&self) -> String {
        self.json.to_string()
    }

    /// What was changed in it, in this order.
    #[must_use]
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The values at a path; none where it leads nowhere.
    #[must_use]
    pub fn values(&self, path: &str) -> Vec<&Json> {
        let places = locate(&self.json, &tokens(path)).unwrap_or_default();
        places
            .iter()
            .filter_map(|place| place.get(&self.json))
            .collect()
    }

    /// The values of a key at any depth.
    #[must_use]
    pub fn values_anywhere(&self, key: &str) -> Vec<&Json> {
        let places = everywhere(&self.json, &Place::default(), key);
        places
            .iter()
            .filter_map(|place| place.get(&self.json))
            .collect()
    }

    /// The key that a word means, at any depth: the key itself, or else one that differs in case
    /// and separators, in singular and plural, or in `_id` at its end (`receptor_id` means
    /// `receptors` where there is no `receptor_ids`).
    ///
    /// # Errors
    /// When there is none; the nearest keys are told.
    pub fn key_like(&self, word: &str) -> Result<String, EditError> {
        self.key_below(&Place::default(), word)
    }

    /// Sets the value at a path.
    ///
    /// # Errors
    /// When the path leads nowhere.
    pub fn set(mut self, path: &str, value: impl Into<Json>) -> Result<Self, EditError> {
        let value = value.into();
        for place in self.locate(path)? {
            self.put(&place, value.clone());
        }
        Ok(self)
    }

    /// Sets the value of a key wherever it stands.
    ///
    /// # Errors
    /// When it stands nowhere.
    pub fn set_anywhere(mut self, key: &str, value: impl Into<Json>) -> Result<Self, EditError> {
        let value = value.into();
        for place in self.everywhere(&Place::default(), key)? {
            self.put(&place, value.clone());
        }
        Ok(self)
    }

    /// Adds a value at a path that is not there yet. All but its end must be there.
    ///
    /// # Errors
    /// When the way leads nowhere or to no object, or when there is something already.
    pub fn insert(mut self, path: &str, value: impl Into<Json>) -> Result<Self, EditError> {
        let value = value.into();
        let mut way = tokens(path);
        let key = match way.pop() {
            Some(Token::Key(key)) => key,
            Some(Token::Index(index)) => index.to_string(),
            None => return Err(self.wrong_kind("the path", "path")),
        };
        let containers =
            locate(&self.json, &way).map_err(|dead_end| self.nowhere(path, dead_end))?;
        for container in containers {
            let place = container.with(Token::Key(key.clone()));
            match container.get_mut(&mut self.json) {
                Some(Json::Object(members)) if members.contains_key(&key) => {
                    return Err(EditError::Exists {
                        document: self.name.to_string(),
                        path: place.to_string(),
                    });
                }
                Some(Json::Object(members)) => {
                    members.insert(key.clone(), value.clone());
                    self.changed(&place, None, Some(value.clone()));
                }
                _ => return Err(self.wrong_kind(&container.to_string(), "object")),
            }
        }
        Ok(self)
    }

    /// Takes out what stands at a path.
    ///
    /// # Errors
    /// When the path leads nowhere.
    pub fn remove(mut self, path: &str) -> Result<Self, EditError> {
        let places = self.locate(path)?;
        self.take_out(&places);
        Ok(self)
    }

    /// Takes out a key wherever it stands.
    ///
    /// # Errors
    /// When it stands nowhere.
    pub fn remove_anywhere(mut self, key: &str) -> Result<Self, EditError> {
        let places = self.everywhere(&Place::default(), key)?;
        self.take_out(&places);
        Ok(self)
    }

    /// Takes out the key that a word means, wherever it stands below a path; see
    /// [`key_like`](Self::key_like).
    ///
    /// # Errors
    /// When the path leads nowhere, or there is no such key below it.
    pub fn remove_below(mut self, path: &str, word: &str) -> Result<Self, EditError> {
        let mut places = Vec::new();
        let mut failure = None;
        for below in self.locate(path)? {
            match self.key_below(&below, word) {
                Ok(key) => places.extend(everywhere(&self.json, &below, &key)),
                Err(error) => failure = Some(error),
            }
        }
        match failure {
            Some(error) if places.is_empty() => Err(error),
            _ => {
                self.take_out(&places);
                Ok(self)
            }
        }
    }

    /// Gives what stands at a path another key.
    ///
    /// # Errors
    /// When the path leads nowhere or to an element of an array, or the new key is there already.
    pub fn rename(mut self, path: &str, key: &str) -> Result<Self, EditError> {
        for place in self.locate(path)? {
            let Some((container, Token::Key(_))) = place.split_last() else {
                return Err(self.wrong_kind(&place.to_string(), "member of an object"));
            };
            let renamed = container.with(Token::Key(key.to_owned()));
            if renamed.get(&self.json).is_some() {
                return Err(EditError::Exists {
                    document: self.name.to_string(),
                    path: renamed.to_string(),
                });
            }
            if let (Some(value), Some(Json::Object(members))) = (
                place.take(&mut self.json),
                container.get_mut(&mut self.json),
            ) {
                members.insert(key.to_owned(), value.clone());
                self.changed(&place, Some(value.clone()), None);
                self.changed(&renamed, None, Some(value));
            }
        }
        Ok(self)
    }

    pub(super) fn locate(&self, path: &str) -> Result<Vec<Place>, EditError> {
        locate(&self.json, &tokens(path)).map_err(|dead_end| self.nowhere(path, dead_end))
    }

    pub(super) fn everywhere(&self, below: &Place, key: &str) -> Result<Vec<Place>, EditError> {
        let places = everywhere(&self.json, below, key);
        if places.is_empty() {
            return Err(self.no_key(below, key));
        }
        Ok(places)
    }

    fn key_below(&self, below: &Place, word: &str) -> Result<String, EditError> {
        meant_by(word, &all_keys(&self.json, below))
            .map(str::to_owned)
            .ok_or_else(|| self.no_key(below, word))
    }

    /// Replaces what stands at a place that is there.
    pub(super) fn put(&mut self, place: &Place, value: Json) {
        if let Some(old) = place.get_mut(&mut self.json) {
            let before = std::mem::replace(old, value.clone());
            self.changed(place, Some(before), Some(value));
        }
    }

    /// From the end, so that what stands within another is told too.
    fn take_out(&mut self, places: &[Place]) {
        for place in places.iter().rev() {
            if let Some(before) = place.take(&mut self.json) {
                self.changed(place, Some(before), None);
            }
        }
    }

    pub(super) fn changed(&mut self, place: &Place, before: Option<Json>, after: Option<Json>) {
        self.changes.push(Change {
            place: place.to_string(),
            before,
            after,
        });
        self.note();
    }

    /// Notes that an id took the place of another, and what the document assigns now.
    pub(super) fn note_id(&self, id: &str, by: &str) {
        if let Some(record) = &self.record {
            let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
            record.replace(id, by);
        }
    }

    fn note(&self) {
        if let Some(record) = &self.record {
            let mut record = record.lock().unwrap_or_else(PoisonError::into_inner);
            record.read(&self.json);
        }
    }

    fn nowhere(&self, path: &str, dead_end: DeadEnd) -> EditError {
        let near = nearest(&dead_end.wanted, dead_end.keys.iter().map(String::as_str));
        EditError::NoSuchPath {
            document: self.name.to_string(),
            path: path.to_owned(),
            reached: dead_end.reached,
            nearest: near.into_iter().map(str::to_owned).collect(),
            keys: dead_end.keys,
        }
    }

    fn no_key(&self, below: &Place, key: &str) -> EditError {
        let keys = all_keys(&self.json, below);
        let near = nearest(key, keys.iter().map(String::as_str));
        EditError::NoSuchKey {
            document: self.name.to_string(),
            key: key.to_owned(),
            nearest: near.into_iter().map(str::to_owned).collect(),
        }
    }

    pub(super) fn wrong_kind(&self, path: &str, expected: &'static str) -> EditError {
        EditError::WrongKind {
            document: self.name.to_string(),
            path: path.to_owned(),
            expected,
        }
    }
}

/// The text of the JSON, on one line.
impl fmt::Display for InputDocument {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.json.fmt(formatter)
    }
}

#[cfg(test)]
mod tests;
