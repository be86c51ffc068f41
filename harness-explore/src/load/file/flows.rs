//! What users do in a cycle.

use std::time::Duration;

use serde_json::Value as Json;

use super::entry::Entry;
use super::mentions::Wanted;
use super::table::Table;
use crate::load::flow::{Flow, Schedule, Step, Text, Until, UserData};

/// How long a state is waited for unless it is said.
const WITHIN: Duration = Duration::from_secs(10);

/// What a step can do: the key that says so.
const KINDS: [&str; 5] = ["command", "read", "write", "wait", "pause"];

/// Reads flows.
#[derive(Debug)]
pub(super) struct Flows<'n> {
    /// The data that placeholders may stand for; none if that can't be read, which is told already.
    pub(super) data: Option<&'n [UserData]>,
    /// The states that there are, and the attribute that has them.
    pub(super) states: &'n [String],
    pub(super) state: String,
}

impl Flows<'_> {
    pub(super) fn read(&self, table: &Table<'_>) -> Option<Flow> {
        let name = table.need("name", "what the flow is called");
        let name = name.and_then(|it| it.text());
        let weight = table.get("weight").map(|it| it.whole(1..=1000));
        let part = |key: &'static str| match table.get(key) {
            Some(entry) => entry.list_of(|step| self.step(step)),
            None => Some(Vec::new()),
        };
        let (begin, end) = (part("begin"), part("end"));
        let steps = table.need("steps", "what is done in each cycle");
        let steps = steps.and_then(|entry| {
            let steps = entry.list_of(|step| self.step(step))?;
            if steps.iter().all(|it| matches!(it, Step::Pause(..))) {
                entry.wrong("must do something: give it a command, or something to read");
            }
            Some(steps)
        });
        table.end();
        Some(Flow {
            name: name?.to_owned(),
            weight: weight.unwrap_or(Some(1))? as u32,
            begin: begin?,
            steps: steps?,
            end: end?,
        })
    }

    fn step(&self, entry: &Entry<'_>) -> Option<Step> {
        if !entry.is_table() {
            // `"500ms"` and `["500ms", "2s"]`
            let (shortest, longest) = entry.times()?;
            return Some(Step::Pause(shortest, longest));
        }
        let table = entry.table()?;
        let kinds: Vec<_> = KINDS.into_iter().filter(|kind| table.has(kind)).collect();
        let step = match *kinds.as_slice() {
            ["command"] => self.command(&table),
            ["read"] => self.reading(&table),
            ["write"] => self.writing(&table),
            ["wait"] => self.waiting(&table),
            ["pause"] => self.pausing(&table),
            [] => {
                let words = "a step is one of `command`, `read`, `write`, `wait` and `pause`";
                table.wrong(words);
                return None;
            }
            [first, second, ..] => {
                table.wrong(format!(
                    "a step does one thing, not both `{first}` and `{second}`: make two of it"
                ));
                return None;
            }
            [_] => None,
        };
        table.end();
        step
    }

    fn command(&self, table: &Table<'_>) -> Option<Step> {
        let command = self.name(table, "command");
        let argument = table.get("argument").map(|it| {
            let json = it.json()?;
            self.check(&it, &json);
            Some(json)
        });
        let rejected = table.get("may-be-rejected").map(|it| it.flag());
        let until = match table.has("until") {
            true => self.until(table, "until").map(Some),
            false => {
                for key in ["attribute", "within"] {
                    table.refuse(key, "belongs to `until`, which is not there");
                }
                Some(None)
            }
        };
        Some(Step::Command {
            command: command?,
            argument: argument.map_or(Some(None), |it| it.map(Some))?,
            until: until?,
            may_be_rejected: rejected.unwrap_or(Some(false))?,
        })
    }

    fn reading(&self, table: &Table<'_>) -> Option<Step> {
        let attribute = self.name(table, "read");
        let expect = table.get("expect").map(|it| {
            let expected = plain(&it)?;
            self.check_text(&it, &expected);
            self.check_state(&it, attribute.as_deref()?, &expected);
            Some(expected)
        });
        Some(Step::Read {
            attribute: attribute?,
            expect: expect.map_or(Some(None), |it| it.map(Some))?,
        })
    }

    fn writing(&self, table: &Table<'_>) -> Option<Step> {
        let attribute = self.name(table, "write");
        let value = table.need("value", "what is written");
        let value = value.and_then(|it| {
            let json = it.json()?;
            self.check(&it, &json);
            Some(json)
        });
        Some(Step::Write {
            attribute: attribute?,
            value: value?,
        })
    }

    fn waiting(&self, table: &Table<'_>) -> Option<Step> {
        self.until(table, "wait").map(Step::Wait)
    }

    fn pausing(&self, table: &Table<'_>) -> Option<Step> {
        let (shortest, longest) = table.get("pause")?.times()?;
        Some(Step::Pause(shortest, longest))
    }

    /// A value that must come: of the state, unless another attribute is named.
    fn until(&self, table: &Table<'_>, key: &'static str) -> Option<Until> {
        let attribute = match table.has("attribute") {
            true => self.name(table, "attribute"),
            false => Some(self.state.clone()),
        };
        let within = table.get("within").map(|it| it.some_time());
        let entry = table.get(key)?;
        let value = plain(&entry);
        if let (Some(attribute), Some(value)) = (&attribute, &value) {
            self.check_text(&entry, value);
            self.check_state(&entry, attribute, value);
        }
        Some(Until {
            attribute: attribute?,
            value: value?,
            within: within.unwrap_or(Some(WITHIN))?,
        })
    }

    /// The name of a command or an attribute: not empty, with placeholders that are known.
    fn name(&self, table: &Table<'_>, key: &'static str) -> Option<String> {
        let entry = table.get(key)?;
        let name = entry.text()?;
        if name.trim().is_empty() {
            entry.wrong("must not be empty");
        }
        self.check_text(&entry, name);
        // with placeholders it is another name for each user
        if !name.contains('$') {
            entry.mention(
                name,
                match key {
                    "command" => Wanted::Command,
                    _ => Wanted::Attribute,
                },
            );
        }
        Some(name.to_owned())
    }

    /// Whether placeholders in a value are known.
    fn check(&self, entry: &Entry<'_>, json: &Json) {
        match json {
            Json::String(text) => self.check_text(entry, text),
            Json::Array(list) => list.iter().for_each(|it| self.check(entry, it)),
            Json::Object(fields) => fields.iter().for_each(|(_, it)| self.check(entry, it)),
            _ => {}
        }
    }

    /// Whether placeholders in a text are known.
    fn check_text(&self, entry: &Entry<'_>, text: &str) {
        if let Some(Err(error)) = self.data.map(|data| Text::of(text, data)) {
            entry.wrong(error.to_string());
        }
    }

    /// Whether there is such a state, where it is one.
    fn check_state(&self, entry: &Entry<'_>, attribute: &str, value: &str) {
        if attribute != self.state || self.states.is_empty() || value.contains('$') {
            return;
        }
        let states: Vec<&str> = self.states.iter().map(String::as_str).collect();
        entry.one_of(&self.state, &states);
    }
}

/// A value as it is printed.
fn plain(entry: &Entry<'_>) -> Option<String> {
    if entry.is_text() {
        return entry.text().map(str::to_owned);
    }
    let json = entry.json()?;
    if json.is_object() || json.is_array() {
        entry.wrong("must be one value: a text, a number, true or false");
        return None;
    }
    Some(json.to_string())
}

/// How flows are chosen, by name.
const SCHEDULES: [(&str, Schedule); 4] = [
    ("by-user", Schedule::ByUser),
    ("round-robin", Schedule::RoundRobin),
    ("serial", Schedule::Serial),
    ("random", Schedule::Random),
];

/// Reads how flows are chosen.
pub(super) fn schedule(entry: &Entry<'_>) -> Option<Schedule> {
    let names = SCHEDULES.map(|(name, _)| name);
    let name = entry.one_of("schedule", &names)?;
    let found = SCHEDULES.iter().find(|(it, _)| *it == name);
    found.map(|(_, schedule)| *schedule)
}
