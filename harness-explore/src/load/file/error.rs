//! What is wrong with a file, and where.

use std::fmt::{self, Display, Formatter};
use std::path::PathBuf;

/// A place in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The line, from 1.
    pub line: usize,
    /// The letter of that line, from 1.
    pub column: usize,
}

impl Place {
    /// Of an octet of a text.
    pub(super) fn of(text: &str, octet: usize) -> Place {
        let before = text.get(..octet).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        Place {
            line: before.matches('\n').count() + 1,
            column: line.chars().count() + 1,
        }
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// One thing that is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileProblem {
    /// Where.
    pub place: Place,
    /// Of which key: `flow.steps.within`; empty where it is of none.
    pub key: String,
    /// What is wrong with it.
    pub words: String,
}

/// A file that can not be used: everything that is wrong with it, a line each, by its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoadFileError {
    /// The file, as it was named.
    pub path: PathBuf,
    /// What is wrong, in the order of the file.
    pub problems: Vec<FileProblem>,
}

impl std::error::Error for LoadFileError {}

impl Display for LoadFileError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        for (number, problem) in self.problems.iter().enumerate() {
            if number > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{}:{}: ", self.path.display(), problem.place)?;
            if !problem.key.is_empty() {
                write!(f, "{}: ", problem.key)?;
            }
            f.write_str(&problem.words)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_count_letters_not_octets() {
        let text = "a = 1\nß = \"é\" x";
        let octet = text.find('x').unwrap();
        assert_eq!(Place::of(text, octet).to_string(), "2:9");
        assert_eq!(Place::of(text, 0).to_string(), "1:1");
        assert_eq!(Place::of("", 7).to_string(), "1:1");
    }
}
