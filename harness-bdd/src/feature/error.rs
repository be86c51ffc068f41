//! What can be wrong with feature files and with the words that choose scenarios.

use std::path::{Path, PathBuf};

use cucumber::gherkin;

use super::read::line_in_file;

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
}

impl FeatureError {
    /// From the parser's error about `text`, the lines of which have these `numbers` in the file.
    pub(super) fn from_parser(
        path: &Path,
        error: &gherkin::ParseError,
        text: &str,
        numbers: &[usize],
    ) -> Self {
        let (line, column) = place(error);
        let found = text.lines().nth(line - 1).map(str::trim);
        let reason = match found {
            Some(found) if !found.is_empty() => format!("`{found}` can't stand here"),
            _ => "the text ends too early; a keyword before it lacks what belongs to it".to_owned(),
        };
        Self::Syntax {
            path: path.to_owned(),
            line: line_in_file(numbers, line),
            column,
            reason,
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
