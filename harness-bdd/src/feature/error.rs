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
                let error = error.map(|error| error.to_string());
                let lines: Vec<&str> = text.unwrap_or_default().lines().collect();
                let (line, column) =
                    misspelt(error.as_deref(), &lines, line).unwrap_or((line, column));
                let reason = match (lines.get(line - 1), error) {
                    (Some(found), _) if !found.trim().is_empty() => {
                        format!("`{}` can't stand here", found.trim())
                    }
                    (_, Some(error)) => error.split_whitespace().collect::<Vec<_>>().join(" "),
                    _ => "the text ends too early".to_owned(),
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

/// Where the misspelt keyword stands that the parser's error names in quotes: `Unknown keyword: 'Thn '.`
/// The parser tells the place up to which it could read on, which is behind it.
fn misspelt(error: Option<&str>, lines: &[&str], read: usize) -> Option<(usize, usize)> {
    let word = error?.split('\'').nth(1)?.split_whitespace().next()?;
    let found = |line: &&str| line.trim_start().starts_with(word);
    let index = lines.iter().take(read).rposition(found)?;
    Some((index + 1, lines[index].find(word)? + 1))
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
