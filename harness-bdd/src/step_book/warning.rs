//! What is told about lines before anything is run.

use std::{fmt, path::PathBuf};

use cucumber::step::Location;

/// A line that is read otherwise than its author may think. It is told once, when the run begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StepWarning {
    /// Its typing errors were mended.
    Mended {
        /// The feature file.
        file: PathBuf,
        /// The line's number.
        line: usize,
        /// The line without its keyword.
        text: String,
        /// How it was read.
        read_as: String,
    },
    /// It is of a step with an expression, and would be of a phrase of another book, too.
    Overridden {
        /// The feature file.
        file: PathBuf,
        /// The line's number.
        line: usize,
        /// The line without its keyword.
        text: String,
        /// Where the step that counts is defined; [`None`] if it was registered without a place.
        step: Option<Location>,
        /// What the phrase's step would have done.
        about: String,
        /// Where the phrase is defined.
        phrase: Location,
        /// How many further lines of these features it is the same with.
        more: usize,
    },
}

impl fmt::Display for StepWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Mended {
                file,
                line,
                text,
                read_as,
            } => write!(
                f,
                "{}:{line}: `{text}` is read as `{read_as}`",
                file.display()
            ),
            Self::Overridden {
                file,
                line,
                text,
                step,
                about,
                phrase,
                more,
            } => {
                let file = file.display();
                write!(f, "{file}:{line}: `{text}` is the step ")?;
                match step {
                    Some(step) => write!(f, "at {step}")?,
                    None => f.write_str("of your own")?,
                }
                write!(f, ", not the phrase at {phrase} ({about})")?;
                match more {
                    0 => Ok(()),
                    1 => f.write_str("; so is 1 further line"),
                    more => write!(f, "; so are {more} further lines"),
                }
            }
        }
    }
}
