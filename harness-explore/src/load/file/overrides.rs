//! Values of the command line in place of those of a file.

use std::ops::Range;

use toml::de::DeTable;

/// Values that stand in place of those of a file. They become part of its text, so that a report has all
/// that repeats the run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overrides {
    /// How many users there are.
    pub users: Option<u64>,
    /// How many cycles each goes through, in place of any time.
    pub cycles: Option<u64>,
    /// The stages, in place of numbers of users and cycles, and of any time.
    pub stages: Option<String>,
    /// For how long, in place of stages and cycles.
    pub lasting: Option<String>,
    /// Starts a second of an open load, in place of stages.
    pub rate: Option<f64>,
    /// What all chance comes from.
    pub seed: Option<u64>,
}

impl Overrides {
    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Overrides::default()
    }

    /// The text with these values in place of its own. What is no TOML stays as it is.
    #[must_use]
    pub fn applied_to(&self, text: &str) -> String {
        let Ok(table) = DeTable::parse(text) else {
            return text.to_owned();
        };
        let mut edit = Edit {
            text,
            table: table.get_ref(),
            set: Vec::new(),
            changes: Vec::new(),
            added: String::new(),
        };
        let number = |it: u64| it.to_string();
        let quoted = |it: &String| serde_json::Value::from(it.as_str()).to_string();
        for (key, value) in [
            ("users", self.users.map(number)),
            ("cycles", self.cycles.map(number)),
            ("stages", self.stages.as_ref().map(quoted)),
            ("lasting", self.lasting.as_ref().map(quoted)),
            ("rate", self.rate.map(|it| format!("{it:?}"))),
            ("seed", self.seed.map(number)),
        ] {
            if let Some(value) = value {
                edit.set(key, &value);
            }
        }
        let is_open = edit.is_open();
        if self.stages.is_some() {
            edit.drop(&["lasting", "rate", "cycles"]);
        }
        // in a closed load, stages say how many users there are
        if self.stages.is_some() && !is_open {
            edit.drop(&["users"]);
        }
        if self.users.is_some() && !is_open {
            edit.drop(&["stages"]);
        }
        if self.cycles.is_some() {
            edit.drop(&["lasting"]);
        }
        if self.lasting.is_some() || self.rate.is_some() {
            edit.drop(&["stages", "cycles"]);
        }
        edit.end()
    }
}

/// Changes to the keys of a text that are outside of all tables.
struct Edit<'t> {
    text: &'t str,
    table: &'t DeTable<'t>,
    /// What is said in place of the text, which is not taken out.
    set: Vec<&'static str>,
    changes: Vec<(Range<usize>, String)>,
    added: String,
}

impl Edit<'_> {
    fn is_open(&self) -> bool {
        let mut entries = self.table.iter();
        let model = entries.find(|(key, _)| key.get_ref() == "model");
        model.is_some_and(|(_, value)| value.get_ref().as_str() == Some("open"))
    }

    /// Takes the keys out, and leaves their lines, so that all others stay where they are.
    fn drop(&mut self, keys: &[&str]) {
        for (key, value) in self.table {
            let name: &str = key.get_ref();
            let span = key.span().start..value.span().end;
            let is_gone = self.changes.iter().any(|(gone, _)| *gone == span);
            if keys.contains(&name) && !self.set.contains(&name) && !is_gone {
                self.changes.push((span, String::new()));
            }
        }
    }

    fn set(&mut self, key: &'static str, value: &str) {
        self.set.push(key);
        let mut entries = self.table.iter();
        match entries.find(|(name, _)| name.get_ref() == key) {
            Some((_, old)) => self.changes.push((old.span(), value.to_owned())),
            None => self.added += &format!("{key} = {value}\n"),
        }
    }

    fn end(mut self) -> String {
        // from the back, so that places before stay right
        self.changes.sort_by_key(|(span, _)| span.start);
        let mut text = self.text.to_owned();
        for (span, with) in self.changes.into_iter().rev() {
            text.replace_range(span, &with);
        }
        self.added + &text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOSED: &str = "name = \"n\"\nusers = 5 # so many\ncycles = 2\n[x]\nusers = 1\n";

    #[test]
    fn values_are_replaced_where_they_stand() {
        let overrides = Overrides {
            users: Some(7),
            seed: Some(3),
            ..Overrides::default()
        };
        assert_eq!(
            overrides.applied_to(CLOSED),
            "seed = 3\nname = \"n\"\nusers = 7 # so many\ncycles = 2\n[x]\nusers = 1\n"
        );
    }

    #[test]
    fn stages_replace_whatever_says_how_many_and_how_long() {
        let overrides = Overrides {
            stages: Some("3, 1s".to_owned()),
            ..Overrides::default()
        };
        assert_eq!(
            overrides.applied_to(CLOSED),
            "stages = \"3, 1s\"\nname = \"n\"\n # so many\n\n[x]\nusers = 1\n"
        );
    }

    #[test]
    fn nothing_said_changes_nothing() {
        assert!(Overrides::default().is_empty());
        assert_eq!(Overrides::default().applied_to(CLOSED), CLOSED);
        let broken = "users = ";
        let overrides = Overrides {
            users: Some(7),
            ..Overrides::default()
        };
        assert_eq!(overrides.applied_to(broken), broken);
    }
}
