//! A program as a scenario to keep.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use super::script::shown;
use super::step::{Given, Program, Step};

impl Program {
    /// The program as a scenario: a line for each step, in the words that its rule has, or else its
    /// name and arguments. `expected` is what should hold in the end.
    #[must_use]
    pub fn scenario(
        &self,
        title: &str,
        words: &HashMap<Arc<str>, String>,
        expected: &str,
    ) -> String {
        let mut lines = String::new();
        // writing to a text can not fail
        let _ = self.write_scenario(&mut lines, title, words, expected);
        lines
    }

    fn write_scenario(
        &self,
        lines: &mut String,
        title: &str,
        words: &HashMap<Arc<str>, String>,
        expected: &str,
    ) -> std::fmt::Result {
        writeln!(lines, "Scenario: {}", in_one_line(title))?;
        writeln!(lines, "  Given a fresh {}", self.machine)?;
        for (place, step) in self.steps.iter().enumerate() {
            let keyword = if place == 0 { "When" } else { "And" };
            let said = match words.get(&step.rule) {
                Some(words) => filled(words, step),
                None => named(step),
            };
            writeln!(lines, "  {keyword} {}", in_one_line(&said))?;
        }
        writeln!(lines, "  Then {}", in_one_line(expected))
    }
}

/// The words of a rule with its arguments in their places.
fn filled(words: &str, step: &Step) -> String {
    step.arguments
        .iter()
        .fold(words.to_owned(), |said, (name, given)| {
            let value = match given {
                Given::Value(serde_json::Value::String(text)) => text.clone(),
                other => shown(other),
            };
            said.replace(&format!("{{{name}}}"), &value)
        })
}

/// A step without words of its own: `split is run with left=trees_0, right=trees_0, giving trees_1`.
fn named(step: &Step) -> String {
    let mut said = format!("{} is run", step.rule);
    let arguments: Vec<String> = step
        .arguments
        .iter()
        .map(|(name, given)| format!("{name}={}", shown(given)))
        .collect();
    if !arguments.is_empty() {
        said.push_str(" with ");
        said.push_str(&arguments.join(", "));
    }
    let produced: Vec<String> = step
        .produced
        .iter()
        .flatten()
        .map(ToString::to_string)
        .collect();
    if !produced.is_empty() {
        said.push_str(", giving ");
        said.push_str(&produced.join(", "));
    }
    said
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
