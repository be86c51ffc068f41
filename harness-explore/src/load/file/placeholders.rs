//! Placeholders in texts: `${user}`, `${cycle}`, `${device}` and the fields of data.

use serde_json::Value as Json;

use super::entry::Entry;
use super::names::{listed, near};

/// What all users have.
const OF_ALL: [&str; 3] = ["user", "cycle", "device"];

/// The names that texts may hold.
#[derive(Clone, Debug)]
pub(super) struct Placeholders(Vec<String>);

impl Placeholders {
    pub(super) fn with(fields: impl IntoIterator<Item = String>) -> Placeholders {
        let of_all = OF_ALL.into_iter().map(str::to_owned);
        Placeholders(of_all.chain(fields).collect())
    }

    /// Notes what is wrong with the placeholders in a value.
    pub(super) fn check(&self, entry: &Entry<'_>, json: &Json) {
        match json {
            Json::String(text) => self.check_text(entry, text),
            Json::Array(list) => list.iter().for_each(|it| self.check(entry, it)),
            Json::Object(fields) => fields.iter().for_each(|(_, it)| self.check(entry, it)),
            _ => {}
        }
    }

    /// Notes what is wrong with the placeholders in a text.
    pub(super) fn check_text(&self, entry: &Entry<'_>, text: &str) {
        let mut rest = text;
        while let Some((_, after)) = rest.split_once('$') {
            rest = after;
            if let Some(after) = rest.strip_prefix('$') {
                rest = after;
                continue;
            }
            let named = rest.strip_prefix('{').and_then(|it| it.split_once('}'));
            let Some((name, after)) = named else {
                entry.wrong(format!(
                    "after a dollar in `{text}` comes {{NAME}}, or another dollar for a plain one"
                ));
                return;
            };
            rest = after;
            if !self.0.iter().any(|it| it == name) {
                let known: Vec<&str> = self.0.iter().map(String::as_str).collect();
                entry.wrong(format!(
                    "`${{{name}}}` is no field of the data{}; there is {}",
                    near(name, &known),
                    listed(&known)
                ));
            }
        }
    }
}
