//! Devices that play no role, by what feature files call them.

use std::collections::BTreeMap;

use super::error::ConfigError;
use super::role::Role;

/// The devices of a telescope that play no role, by what feature files call them. Names that
/// differ in case, or in spaces, underscores and hyphens, are one name.
#[derive(Clone, Debug, Default)]
pub(super) struct NamedDevices(BTreeMap<String, Entry>);

#[derive(Clone, Debug)]
struct Entry {
    called: String,
    names: Vec<String>,
}

impl NamedDevices {
    pub(super) fn insert(&mut self, called: String, names: Vec<String>) {
        self.0.insert(key(&called), Entry { called, names });
    }

    /// What they are called, and their names.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0
            .values()
            .map(|entry| (entry.called.as_str(), entry.names.as_slice()))
    }

    pub(super) fn check(&self) -> Result<(), ConfigError> {
        for (key, Entry { called, names }) in &self.0 {
            let mistake = |what: String| ConfigError::Device {
                called: called.clone(),
                what,
            };
            if key.is_empty() {
                return Err(mistake("it needs a name".to_owned()));
            }
            if key.parse::<Role>().is_ok() {
                return Err(mistake(format!("{key} is a role; set it under [roles]")));
            }
            if names.is_empty() {
                return Err(mistake("no device is listed".to_owned()));
            }
            for (index, name) in names.iter().enumerate() {
                if name.trim().is_empty() {
                    return Err(mistake("a device name is empty".to_owned()));
                }
                if name.contains(['{', '}']) {
                    return Err(mistake(format!(
                        "{name} has a placeholder; list the devices one by one"
                    )));
                }
                let before = names.iter().take(index);
                if before
                    .clone()
                    .any(|other| other.trim().eq_ignore_ascii_case(name.trim()))
                {
                    return Err(mistake(format!("{name} is listed twice")));
                }
            }
        }
        Ok(())
    }
}

/// One spelling for a name that people write in many.
pub(super) fn key(called: &str) -> String {
    called
        .split(|letter: char| letter.is_whitespace() || letter == '_' || letter == '-')
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect::<Vec<_>>()
        .join("_")
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn one_name_has_many_spellings() {
        for called in [
            "alarm handler",
            "alarm_handler",
            "Alarm-Handler",
            " ALARM  handler ",
        ] {
            assert_eq!(key(called), "alarm_handler", "{called}");
        }
    }
}
