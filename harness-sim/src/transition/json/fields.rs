//! The fields of a JSON object, each looked at once.

use std::num::NonZeroU32;
use std::time::Duration;

use serde_json::{Map, Value};

use super::InvalidSetting;

/// The longest time that a setting may give: a year. What takes longer can as well be `never`.
pub(super) const LONGEST: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// How many characters of a wrong value are said again.
const LONGEST_ECHO: usize = 60;

/// A JSON value and its path.
#[derive(Clone, Debug)]
pub(super) struct Field<'a> {
    pub(super) path: String,
    pub(super) value: &'a Value,
}

impl<'a> Field<'a> {
    pub(super) const fn new(path: String, value: &'a Value) -> Field<'a> {
        Field { path, value }
    }

    /// What it is said to be wrong with it.
    pub(super) fn wrong(&self, needed: &str) -> InvalidSetting {
        let mut given = self.value.to_string();
        if let Some((end, _)) = given.char_indices().nth(LONGEST_ECHO) {
            given.truncate(end);
            given.push_str("..");
        }
        InvalidSetting::new(&self.path, format!("{given} is not {needed}"))
    }

    pub(super) fn item(&self, index: usize, value: &'a Value) -> Field<'a> {
        Field::new(format!("{}[{index}]", self.path), value)
    }

    pub(super) fn text(&self) -> Result<&'a str, InvalidSetting> {
        let text = self.value.as_str();
        text.ok_or_else(|| self.wrong("a text"))
    }

    /// A text that is not empty.
    pub(super) fn name(&self) -> Result<&'a str, InvalidSetting> {
        let name = self.value.as_str().filter(|name| !name.is_empty());
        name.ok_or_else(|| self.wrong("a name"))
    }

    pub(super) fn flag(&self) -> Result<bool, InvalidSetting> {
        let flag = self.value.as_bool();
        flag.ok_or_else(|| self.wrong("true or false"))
    }

    pub(super) fn count(&self) -> Result<NonZeroU32, InvalidSetting> {
        let number = self.value.as_u64().and_then(|n| u32::try_from(n).ok());
        let count = number.and_then(NonZeroU32::new);
        count.ok_or_else(|| self.wrong("a whole number; give 1 or more, up to 4294967295"))
    }

    pub(super) fn probability(&self) -> Result<f64, InvalidSetting> {
        let number = self.value.as_f64().filter(|p| (0.0..=1.0).contains(p));
        number.ok_or_else(|| self.wrong("a probability; give a number from 0 to 1"))
    }

    pub(super) fn time(&self) -> Result<Duration, InvalidSetting> {
        let seconds = self.value.as_f64();
        let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        match time {
            Some(time) if time <= LONGEST => Ok(time),
            Some(_) => Err(self.wrong(
                "within a year of seconds; for a transition that does not end, give the \
                 progression never",
            )),
            None => Err(self.wrong("a number of seconds; give 0 or more, as 2.5")),
        }
    }

    pub(super) fn list(&self) -> Result<Vec<Field<'a>>, InvalidSetting> {
        let Value::Array(items) = self.value else {
            return Err(self.wrong("a list"));
        };
        let fields = items.iter().enumerate();
        Ok(fields
            .map(|(index, value)| self.item(index, value))
            .collect())
    }

    pub(super) fn object(&self, needed: &str) -> Result<Fields<'a>, InvalidSetting> {
        match self.value {
            Value::Object(map) => Ok(Fields {
                path: self.path.clone(),
                map,
                asked: Vec::new(),
            }),
            _ => Err(self.wrong(needed)),
        }
    }
}

/// The fields of an object; whoever reads it asks for all that it knows, and then
/// [closes](Self::close) it.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    pub(super) path: String,
    map: &'a Map<String, Value>,
    asked: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The path of a field.
    pub(super) fn path_of(&self, key: &str) -> String {
        format!("{}.{key}", self.path)
    }

    pub(super) fn get(&mut self, key: &'static str) -> Option<Field<'a>> {
        self.asked.push(key);
        let value = self.map.get(key)?;
        Some(Field::new(self.path_of(key), value))
    }

    /// A field that must be there.
    pub(super) fn need(
        &mut self,
        key: &'static str,
        needed: &str,
    ) -> Result<Field<'a>, InvalidSetting> {
        let missing = InvalidSetting::new(self.path_of(key), format!("is missing; give {needed}"));
        self.get(key).ok_or(missing)
    }

    /// Refuses what nobody asked for.
    pub(super) fn close(self) -> Result<(), InvalidSetting> {
        match self
            .map
            .keys()
            .find(|key| !self.asked.contains(&key.as_str()))
        {
            None => Ok(()),
            Some(stranger) => Err(InvalidSetting::new(
                self.path_of(stranger),
                format!("is not known here; known: {}", self.asked.join(", ")),
            )),
        }
    }
}
