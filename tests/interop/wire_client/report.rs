//! What was tried, and what differed.

use std::error::Error;
use std::fmt::{self, Debug};

/// Prints each outcome as it comes, and counts.
#[derive(Debug, Default)]
pub(crate) struct Report {
    trial: String,
    good: usize,
    bad: Vec<String>,
}

impl Report {
    /// What follows belongs to this trial.
    pub(crate) fn begin(&mut self, trial: &str) {
        trial.clone_into(&mut self.trial);
    }

    pub(crate) fn ok(&mut self, what: &str) {
        println!("ok {}.{}", self.trial, brief(what));
        self.good += 1;
    }

    pub(crate) fn failed(&mut self, what: &str, difference: &str) {
        let line = format!("{}.{}: {difference}", self.trial, brief(what));
        println!("FAILED {line}");
        self.bad.push(line);
    }

    /// It must be so.
    pub(crate) fn check(&mut self, what: &str, is_so: bool, found: impl Debug) {
        if is_so {
            self.ok(what);
        } else {
            self.failed(what, &format!("found {}", brief(&format!("{found:?}"))));
        }
    }

    /// What was found must be what was expected.
    pub(crate) fn equal<T: PartialEq + Debug>(&mut self, what: &str, found: &T, expected: &T) {
        if found == expected {
            self.ok(what);
        } else {
            let (found, expected) = (format!("{found:?}"), format!("{expected:?}"));
            self.failed(
                what,
                &format!("expected {}, found {}", brief(&expected), brief(&found)),
            );
        }
    }

    /// As [`Report::equal`], of something that may have gone wrong.
    pub(crate) fn gives<T: PartialEq + Debug, E: Error>(
        &mut self,
        what: &str,
        found: Result<T, E>,
        expected: &T,
    ) {
        match found {
            Ok(found) => self.equal(what, &found, expected),
            Err(error) => self.failed(what, &in_one_line(&error)),
        }
    }

    /// What came of it, if it did not go wrong.
    pub(crate) fn value<T, E: Error>(&mut self, what: &str, found: Result<T, E>) -> Option<T> {
        found
            .map_err(|error| self.failed(what, &in_one_line(&error)))
            .ok()
    }

    pub(crate) fn is_good(&self) -> bool {
        self.bad.is_empty() && self.good > 0
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} good, {} bad", self.good, self.bad.len())?;
        for line in &self.bad {
            write!(formatter, "\n    {line}")?;
        }
        Ok(())
    }
}

/// The words of an error and of those below it.
pub(crate) fn in_one_line(error: &dyn Error) -> String {
    let mut line = format!("error: {error}");
    let mut below = error.source();
    while let Some(error) = below {
        line.push_str(&format!(": {error}"));
        below = error.source();
    }
    line
}

/// No more of a text than fits a line or two.
pub(crate) fn brief(text: &str) -> String {
    let mut brief: String = text.chars().take(300).collect();
    if brief.len() < text.len() {
        brief.push('…');
    }
    brief
}
