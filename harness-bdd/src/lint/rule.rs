//! What is looked for.

use std::fmt;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// A question of style.
    Hint,
    /// It runs, but not everywhere, or not as its author may think.
    Warning,
    /// It can't run, or can't pass.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Hint => "hint",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// One thing that is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, as in `--allow NAME`.
    pub name: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What it finds, in a line.
    pub explanation: &'static str,
}

/// No rule has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule `{name}`; `harness lint --rules` lists them")]
pub struct UnknownRule {
    /// The name that was given.
    pub name: String,
}

/// The rule of this name.
///
/// # Errors
/// [`UnknownRule`] if there is none.
pub fn rule(name: &str) -> Result<&'static Rule, UnknownRule> {
    let found = RULES.iter().find(|rule| rule.name == name);
    found.ok_or_else(|| UnknownRule {
        name: name.to_owned(),
    })
}

const fn error(name: &'static str, explanation: &'static str) -> Rule {
    Rule {
        name,
        severity: Severity::Error,
        explanation,
    }
}

const fn warning(name: &'static str, explanation: &'static str) -> Rule {
    Rule {
        name,
        severity: Severity::Warning,
        explanation,
    }
}

const fn hint(name: &'static str, explanation: &'static str) -> Rule {
    Rule {
        name,
        severity: Severity::Hint,
        explanation,
    }
}

/// All rules, the worst first.
pub const RULES: &[Rule] = &[
    error("unreadable", "a file that can't be read"),
    error("undefined-step", "a line that no step matches"),
    error("ambiguous-step", "a line that several steps match"),
    error("no-steps", "a scenario without steps, which can't pass"),
    error(
        "unresolved-placeholder",
        "a `<name>` that no Examples have a column for",
    ),
    warning("no-scenario", "a file or feature without scenarios"),
    warning("empty-examples", "Examples without a row"),
    warning("no-examples", "a Scenario Outline without Examples"),
    warning(
        "unused-column",
        "a column of Examples that nothing asks for",
    ),
    warning("repeated-row", "a row of Examples that stands there twice"),
    warning(
        "repeated-scenario",
        "a scenario with the same steps as another one",
    ),
    warning(
        "repeated-name",
        "two scenarios of a feature with one name, of which pytest-bdd runs the last only",
    ),
    warning(
        "then-before-when",
        "a Then with no When before it: nothing has happened that it could look at",
    ),
    warning(
        "tag-drift",
        "a tag that differs by case or one letter from one that is used more",
    ),
    warning(
        "unused-file",
        "a file that no source names (with --used-by)",
    ),
    warning("no-feature-line", "no `Feature:` line"),
    warning("second-feature", "several `Feature:` lines in a file"),
    warning("text-before-feature", "text before the first keyword"),
    warning(
        "keyword-spelling",
        "a keyword in other letters, without its colon, or without its space",
    ),
    warning("no-keyword", "a line without a keyword among steps"),
    warning(
        "first-step",
        "a scenario whose first step is `And` or `But`",
    ),
    warning(
        "step-in-description",
        "a line of a description that begins as a step does",
    ),
    warning(
        "table-shape",
        "rows that have not as many cells as their header",
    ),
    warning(
        "examples-place",
        "Examples that are vertical, before the steps, or of a whole feature",
    ),
    warning(
        "stray-tags",
        "tags that nothing takes, or text between tags",
    ),
    warning("comment-at-end", "a comment at the end of a line"),
    warning(
        "encoding",
        "a byte order mark, or blanks and line ends of other systems",
    ),
    warning(
        "typing-error",
        "a word that is read as another one, which it nearly is",
    ),
    hint(
        "wording-drift",
        "a step that differs only by case, articles or points from one that is used more",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_found() {
        for (index, one) in RULES.iter().enumerate() {
            assert_eq!(rule(one.name), Ok(&RULES[index]));
        }
        assert_eq!(
            rule("nonsense").unwrap_err().to_string(),
            "there is no rule `nonsense`; `harness lint --rules` lists them"
        );
    }
}
