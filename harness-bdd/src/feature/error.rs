//! What can be wrong with feature files and with the words that choose scenarios.

use std::path::PathBuf;

use cucumber::gherkin;

/// A feature file that can't be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FeatureError {
    /// The path isn't there or can't be read.
    #[error("can't read {}", path.display())]
    Unreadable {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// The text is no Gherkin.
    #[error("{}:{line}:{column}: not a feature file: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// What was expected there.
        reason: String,
    },
    /// A scenario without steps, which would pass whatever the telescope does.
    #[error(
        "{}:{line}: the scenario `{scenario}` has no steps; \
         is the keyword of its first line misspelt?", path.display()
    )]
    NoSteps {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// The scenario's name.
        scenario: String,
    },
    /// A `<placeholder>` of a Scenario Outline has no column in its Examples.
    #[error("{}:{line}:{column}: the Examples have no column `{name}`", path.display())]
    Placeholder {
        /// The file.
        path: PathBuf,
        /// Line, from 1.
        line: usize,
        /// Column, from 1.
        column: usize,
        /// The placeholder's name.
        name: String,
    },
}

impl FeatureError {
    /// From the parser's error about `path`; `text` is what the file holds, if it can be read.
    pub(super) fn from_parser(error: gherkin::ParseFileError, text: Option<&str>) -> Self {
        match error {
            gherkin::ParseFileError::Reading { path, source } => Self::Unreadable { path, source },
            gherkin::ParseFileError::Parsing {
                path,
                error,
                source,
            } => {
                let (line, column) = place(&source);
                let reason = match (error, text.and_then(|text| text.lines().nth(line - 1))) {
                    (Some(error), _) => error
                        .to_string()
                        .split_whitespace()
                        .collect::<Vec<_>>()
                        .join(" "),
                    (None, Some(found)) => format!("`{}` can't stand here", found.trim()),
                    (None, None) => "the text ends too early".to_owned(),
                };
                Self::Syntax {
                    path,
                    line,
                    column,
                    reason,
                }
            }
        }
    }
}

/// Line and column of a parser's error. Its fields are private; its text begins `Error at 3:5: `.
fn place(error: &gherkin::ParseError) -> (usize, usize) {
    let text = error.to_string();
    let mut numbers = text
        .split(|character: char| !character.is_ascii_digit())
        .filter_map(|digits| digits.parse::<usize>().ok());
    let (line, column) = (numbers.next().unwrap_or(1), numbers.next().unwrap_or(1));
    (line.max(1), column.max(1))
}

/// A tag expression or name pattern that can't be understood.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SelectionError {
    /// Not a tag expression.
    #[error(
        "`{expression}` is not a tag expression: {reason}; \
         write for example \"@smoke and not @slow\""
    )]
    Tags {
        /// What was given.
        expression: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Not a regular expression.
    #[error("`{pattern}` is not a regular expression: {reason}")]
    Name {
        /// What was given.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
}
