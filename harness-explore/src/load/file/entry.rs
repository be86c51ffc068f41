//! A value of a file, read as what it must be.

use std::ops::{Range, RangeInclusive};
use std::str::FromStr;
use std::time::Duration;

use toml::de::DeValue;

use super::json::json;
use super::mentions::Wanted;
use super::names::{listed, near};
use super::notes::Notes;
use super::table::Table;
use crate::load::plan::read_time;

/// A value with its place. Each way to read it notes what is wrong, and gives nothing then.
#[derive(Clone, Debug)]
pub(super) struct Entry<'t> {
    notes: &'t Notes<'t>,
    pub(super) path: String,
    pub(super) span: Range<usize>,
    value: &'t DeValue<'t>,
}

impl<'t> Entry<'t> {
    pub(super) fn of(
        notes: &'t Notes<'t>,
        path: String,
        span: Range<usize>,
        value: &'t DeValue<'t>,
    ) -> Entry<'t> {
        Entry {
            notes,
            path,
            span,
            value,
        }
    }

    /// Notes that something is wrong with it.
    pub(super) fn wrong(&self, words: impl Into<String>) {
        self.notes.wrong(&self.span, &self.path, words);
    }

    /// Notes that devices must have a command or an attribute of this name.
    pub(super) fn mention(&self, name: &str, wanted: Wanted) {
        self.notes.mention(&self.span, &self.path, name, wanted);
    }

    pub(super) fn is_text(&self) -> bool {
        self.value.is_str()
    }

    pub(super) fn is_list(&self) -> bool {
        self.value.is_array()
    }

    pub(super) fn is_table(&self) -> bool {
        self.value.is_table()
    }

    pub(super) fn is_flag(&self) -> bool {
        self.value.is_bool()
    }

    /// A text that is not empty.
    pub(super) fn text(&self) -> Option<&'t str> {
        match self.value.as_str() {
            Some(text) if text.trim().is_empty() => {
                self.wrong("must not be empty");
                None
            }
            Some(text) => Some(text),
            None => self.no("a text in quotes"),
        }
    }

    /// A whole number.
    pub(super) fn whole(&self, range: RangeInclusive<u64>) -> Option<u64> {
        let read = self.value.as_integer().and_then(|it| {
            let text = it.as_str().replace('_', "");
            u64::from_str_radix(&text, it.radix()).ok()
        });
        let read = read.filter(|number| range.contains(number));
        if read.is_none() {
            let (least, most) = (range.start(), range.end());
            let words = match *most {
                u64::MAX => format!("must be a whole number, at least {least}"),
                _ => format!("must be a whole number from {least} to {most}"),
            };
            self.wrong(format!("{words}, and is {}", self.shown()));
        }
        read
    }

    /// A number.
    pub(super) fn number(&self) -> Option<f64> {
        let read = match self.value {
            DeValue::Integer(it) => it.as_str().replace('_', "").parse().ok(),
            DeValue::Float(it) => it.as_str().replace('_', "").parse().ok(),
            _ => None,
        };
        let read = read.filter(|it: &f64| it.is_finite());
        if read.is_none() {
            return self.no("a number");
        }
        read
    }

    /// `true` or `false`.
    pub(super) fn flag(&self) -> Option<bool> {
        self.value.as_bool().or_else(|| self.no("true or false"))
    }

    /// A time: `"500ms"`.
    pub(super) fn time(&self) -> Option<Duration> {
        let Some(text) = self.value.as_str() else {
            return self.no("a time in quotes, as \"500ms\" or \"1m30s\"");
        };
        match read_time(text) {
            Ok(time) => Some(time),
            Err(problem) => {
                self.wrong(format!("`{text}` {problem}"));
                None
            }
        }
    }

    /// A time that is not nothing.
    pub(super) fn some_time(&self) -> Option<Duration> {
        let time = self.time()?;
        if time.is_zero() {
            self.wrong("must be longer than nothing");
            return None;
        }
        Some(time)
    }

    /// A time, or the shortest and the longest of a list of two.
    pub(super) fn times(&self) -> Option<(Duration, Duration)> {
        if !self.is_list() {
            return self.time().map(|time| (time, time));
        }
        match self.list()?.as_slice() {
            [shortest, longest] => {
                let (shortest, longest) = (shortest.time(), longest.time());
                let times = shortest.zip(longest)?;
                if times.0 > times.1 {
                    self.wrong("the shortest time comes first");
                    return None;
                }
                Some(times)
            }
            _ => self.no("a time, or a list of two: the shortest and the longest"),
        }
    }

    /// What its text means.
    pub(super) fn parsed<T: FromStr<Err: std::fmt::Display>>(&self) -> Option<T> {
        match self.text()?.parse() {
            Ok(read) => Some(read),
            Err(error) => {
                self.wrong(error.to_string());
                None
            }
        }
    }

    /// One of these words, in the way in which they are written here.
    pub(super) fn one_of<'k>(&self, what: &str, known: &[&'k str]) -> Option<&'k str> {
        let text = self.text()?;
        let folded = text.trim().to_lowercase().replace([' ', '_'], "-");
        let found = known.iter().find(|it| it.to_lowercase() == folded);
        if found.is_none() {
            let (near, all) = (near(text, known), listed(known));
            let stop = if near.is_empty() { ";" } else { "" };
            self.wrong(format!(
                "there is no {what} `{text}`{near}{stop} there is {all}"
            ));
        }
        found.copied()
    }

    /// What stands in a list.
    pub(super) fn list(&self) -> Option<Vec<Entry<'t>>> {
        let Some(list) = self.value.as_array() else {
            return self.no("a list in [..]");
        };
        let inner = list
            .iter()
            .map(|it| Entry::of(self.notes, self.path.clone(), it.span(), it.get_ref()));
        Some(inner.collect())
    }

    /// What stands in a list of something, read; nothing if one of it can't be.
    pub(super) fn list_of<T>(&self, read: impl Fn(&Entry<'t>) -> Option<T>) -> Option<Vec<T>> {
        let list: Vec<_> = self.list()?.iter().map(read).collect();
        list.into_iter().collect()
    }

    /// A table.
    pub(super) fn table(&self) -> Option<Table<'t>> {
        match self.value.as_table() {
            Some(table) => Some(Table::of(
                self.notes,
                self.path.clone(),
                self.span.clone(),
                table,
            )),
            None => self.no("a table, as {..}"),
        }
    }

    /// Anything that JSON has.
    pub(super) fn json(&self) -> Option<serde_json::Value> {
        match json(self.value) {
            Ok(json) => Some(json),
            Err(words) => {
                self.wrong(words);
                None
            }
        }
    }

    fn no<T>(&self, what: &str) -> Option<T> {
        self.wrong(format!("must be {what}, and is {}", self.shown()));
        None
    }

    /// What it is, in words.
    fn shown(&self) -> String {
        match self.value {
            DeValue::String(text) => format!("\"{text}\""),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Float(number) => number.to_string(),
            DeValue::Boolean(flag) => flag.to_string(),
            DeValue::Datetime(date) => format!("the date {date}"),
            DeValue::Array(_) => "a list".to_owned(),
            DeValue::Table(_) => "a table".to_owned(),
        }
    }
}
