//! The catalogue as people and programs read it.

use std::fmt;

use serde_json::{Value, json};

use super::{Catalogue, CatalogueEntry, Keyword};

/// The heading of steps whose book says no family.
const NO_FAMILY: &str = "Further steps";

impl Catalogue {
    /// The families in the order of their first steps; [`None`] stands for steps without one.
    pub fn families(&self) -> Vec<Option<&'static str>> {
        let mut families = Vec::new();
        for entry in &self.entries {
            if !families.contains(&entry.family) {
                families.push(entry.family);
            }
        }
        families
    }

    /// The steps of families whose name contains `name`, in any case of letters.
    #[must_use]
    pub fn of_family(&self, name: &str) -> Self {
        let name = name.to_lowercase();
        self.only(|entry| {
            let family = entry.family.unwrap_or_default();
            family.to_lowercase().contains(&name)
        })
    }

    /// The steps that have all of these words, or words that contain them, in their text, their
    /// patterns, their examples or the name of their family, in any case of letters.
    #[must_use]
    pub fn with_words(&self, words: &[impl AsRef<str>]) -> Self {
        let words: Vec<String> = words
            .iter()
            .flat_map(|words| words.as_ref().split_whitespace())
            .map(str::to_lowercase)
            .collect();
        self.only(|entry| {
            let mut texts = vec![entry.expression.as_str(), entry.family.unwrap_or_default()];
            texts.extend(entry.examples.iter().map(String::as_str));
            if entry.is_phrase() {
                texts.extend(entry.patterns.iter().map(String::as_str));
            }
            let text = texts.join("\n").to_lowercase();
            words.iter().all(|word| text.contains(word))
        })
    }

    /// As Markdown: a chapter for each family, with examples and patterns. Of the places only the files,
    /// so that it stays the same when lines move.
    pub fn to_markdown(&self) -> String {
        let mut text = String::new();
        for family in self.families() {
            text += &format!("## {}\n\n", family.unwrap_or(NO_FAMILY));
            for entry in self.entries.iter().filter(|entry| entry.family == family) {
                text += &markdown(entry);
            }
        }
        text.trim_end().to_owned() + "\n"
    }

    /// As JSON: a list of objects with `family`, `keywords`, `expression`, `patterns`, `examples`,
    /// `file` and `line`.
    pub fn to_json(&self) -> String {
        let entries: Vec<Value> = self.entries.iter().map(entry_json).collect();
        format!("{:#}", Value::from(entries))
    }

    fn only(&self, wanted: impl Fn(&CatalogueEntry) -> bool) -> Self {
        let entries = self.entries.iter().filter(|entry| wanted(entry));
        Self {
            entries: entries.cloned().collect(),
        }
    }
}

impl CatalogueEntry {
    fn keyword_list(&self) -> String {
        let keywords: Vec<_> = self.keywords.iter().map(Keyword::to_string).collect();
        keywords.join(", ")
    }
}

fn markdown(entry: &CatalogueEntry) -> String {
    let keywords = entry.keyword_list();
    let file = entry.location.path.replace('\\', "/");
    if !entry.is_phrase() {
        return format!("**{keywords}** `{}`  \n{file}\n\n", entry.expression);
    }
    let mut text = format!(
        "**{keywords}**: {}  \n{file}\n\n```text\n",
        entry.expression
    );
    for example in &entry.examples {
        text += &format!("{example}\n");
    }
    text += "```\n\n<details><summary>Patterns</summary>\n\n```text\n";
    for pattern in &entry.patterns {
        text += &format!("{pattern}\n");
    }
    text + "```\n\n</details>\n\n"
}

fn entry_json(entry: &CatalogueEntry) -> Value {
    json!({
        "family": entry.family,
        "keywords": entry.keywords.iter().map(Keyword::to_string).collect::<Vec<_>>(),
        "expression": entry.expression,
        "patterns": entry.patterns,
        "examples": entry.examples,
        "file": entry.location.path,
        "line": entry.location.line,
    })
}

impl fmt::Display for Catalogue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let families = self.families();
        for family in &families {
            if families.len() > 1 || family.is_some() {
                let heading = family.unwrap_or(NO_FAMILY);
                writeln!(f, "{heading}\n{}\n", "=".repeat(heading.len()))?;
            }
            for entry in self.entries.iter().filter(|entry| entry.family == *family) {
                write_entry(f, entry)?;
            }
            if families.len() > 1 {
                writeln!(f)?;
            }
        }
        Ok(())
    }
}

fn write_entry(f: &mut fmt::Formatter<'_>, entry: &CatalogueEntry) -> fmt::Result {
    if !entry.is_phrase() {
        let keyword = entry.keywords.first().copied().unwrap_or(Keyword::Given);
        return writeln!(f, "{keyword:<5} {}", entry.expression);
    }
    let location = entry.location;
    writeln!(f, "{} ({})", entry.expression, entry.keyword_list())?;
    for example in &entry.examples {
        writeln!(f, "      {example}")?;
    }
    writeln!(f, "      # {}:{}\n", location.path, location.line)
}

#[cfg(test)]
mod tests {
    use cucumber::step::Location;

    use super::*;

    fn catalogue() -> Catalogue {
        let entry = |family, expression: &str, examples: &[&str]| CatalogueEntry {
            keywords: vec![Keyword::When, Keyword::Then],
            expression: expression.into(),
            patterns: vec!["<who> {rests}".into()],
            examples: examples.iter().map(|&line| line.to_owned()).collect(),
            family,
            location: Location {
                path: "a.rs",
                line: 7,
                column: 1,
            },
            is_phrase: !examples.is_empty(),
        };
        Catalogue {
            entries: vec![
                entry(Some("Resting"), "a device rests", &["the CSP rests"]),
                entry(None, "it rains", &[]),
                entry(Some("Resting"), "it snows", &[]),
            ],
        }
    }

    #[test]
    fn families_stand_together() {
        let text = catalogue().to_string();
        let places = [
            "Resting",
            "the CSP rests",
            "it snows",
            NO_FAMILY,
            "it rains",
        ]
        .map(|part| text.find(part).unwrap());
        assert!(places.is_sorted(), "{text}");
    }

    #[test]
    fn words_are_looked_for_everywhere() {
        let found = |words: &[&str]| catalogue().with_words(words).entries().len();
        assert_eq!(found(&["csp"]), 1);
        assert_eq!(found(&["RESTING"]), 2);
        assert_eq!(found(&["resting csp"]), 1);
        assert_eq!(found(&["csp", "rains"]), 0);
        assert_eq!(catalogue().of_family("rest").entries().len(), 2);
    }

    #[test]
    fn a_reference_names_files_and_no_lines() {
        let text = catalogue().to_markdown();
        assert!(text.contains("## Resting\n"), "{text}");
        assert!(text.contains("```text\nthe CSP rests\n```"), "{text}");
        assert!(
            text.contains("a.rs\n") && !text.contains("a.rs:7"),
            "{text}"
        );
    }

    #[test]
    fn programs_get_lines_as_well() {
        let json: Value = serde_json::from_str(&catalogue().to_json()).unwrap();
        assert_eq!(json[0]["line"], 7);
        assert_eq!(json[0]["keywords"][1], "Then");
        assert_eq!(json[1]["family"], Value::Null);
    }
}
