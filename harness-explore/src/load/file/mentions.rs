//! What a file wants devices to have, held against what they have.

use std::collections::BTreeMap;

use super::error::{FileProblem, Place};
use super::names::near;

/// The name of a command or of an attribute, where a file has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) name: String,
    pub(super) wanted: Wanted,
    pub(super) key: String,
    pub(super) place: Place,
}

/// What a name is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    Command,
    /// One that is not named, but that the rules know.
    CommandOfRules,
    Attribute,
}

/// What a device has of what users do with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offer {
    /// The name of the device.
    pub device: String,
    /// Its commands; none if it did not tell.
    pub commands: Option<Vec<String>>,
    /// Attributes that were looked for, and that it does not have.
    pub without: Vec<String>,
}

impl Offer {
    fn lacks(&self, mention: &Mention) -> bool {
        let is_it = |name: &String| name.eq_ignore_ascii_case(&mention.name);
        match (mention.wanted, &self.commands) {
            (Wanted::Attribute, _) => self.without.iter().any(is_it),
            (_, Some(commands)) => !commands.iter().any(is_it),
            (_, None) => false,
        }
    }

    fn has_no(&self, mention: &Mention, who: &str) -> String {
        let name = &mention.name;
        match mention.wanted {
            Wanted::Attribute => format!("{who} no attribute `{name}`"),
            Wanted::Command => {
                let known = self.commands.iter().flatten();
                let known: Vec<&str> = known.map(String::as_str).collect();
                format!("{who} no command `{name}`{}", near(name, &known))
            }
            Wanted::CommandOfRules => format!(
                "{who} no command `{name}`, which the rules know: name what is sent in `commands`"
            ),
        }
    }
}

/// The attributes that are mentioned, each once.
pub(super) fn attributes(mentions: &[Mention]) -> Vec<&str> {
    let attributes = mentions.iter().filter(|it| it.wanted == Wanted::Attribute);
    let by_name: BTreeMap<_, _> = attributes
        .map(|it| (it.name.to_ascii_lowercase(), it.name.as_str()))
        .collect();
    by_name.into_values().collect()
}

/// Of everything that is mentioned what some device does not have, in the order of the file.
pub(super) fn missing(mentions: &[Mention], offers: &[Offer]) -> Vec<FileProblem> {
    let problem = |mention: &Mention| {
        let mut lacking = offers.iter().filter(|it| it.lacks(mention));
        let first = lacking.next()?;
        let who = match lacking.count() {
            0 => format!("{} has", first.device),
            others => format!("{} and {others} more have", first.device),
        };
        Some(FileProblem {
            place: mention.place,
            key: mention.key.clone(),
            words: first.has_no(mention, &who),
        })
    };
    let mut problems: Vec<_> = mentions.iter().filter_map(problem).collect();
    problems.sort_by_key(|it| it.place);
    problems
}
