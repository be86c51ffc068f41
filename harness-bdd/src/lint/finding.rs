//! What was found.

use std::{fmt, path::PathBuf};

use super::{Rule, Severity};

/// Something that is wrong at a place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// The file.
    pub file: PathBuf,
    /// Its line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// The name of the rule.
    pub rule: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, and what to do.
    pub message: String,
}

impl Finding {
    pub(super) fn new(
        rule: &'static Rule,
        file: impl Into<PathBuf>,
        line: usize,
        message: impl Into<String>,
    ) -> Self {
        Self {
            file: file.into(),
            line,
            rule: rule.name,
            severity: rule.severity,
            message: message.into(),
        }
    }
}

/// All that was found, in the order of files and lines.
///
/// Its `Display` is for people: grouped by file, and a last line that counts.
#[derive(Clone, Debug, Default, serde::Serialize)]
#[must_use]
#[non_exhaustive]
pub struct LintReport {
    /// What was found.
    pub findings: Vec<Finding>,
    /// How many files could be read.
    pub files: usize,
    /// How many scenarios are in them; each row of Examples is one.
    pub scenarios: usize,
}

impl LintReport {
    /// How many findings are as bad as `severity`.
    pub fn count(&self, severity: Severity) -> usize {
        let same = |finding: &&Finding| finding.severity == severity;
        self.findings.iter().filter(same).count()
    }

    /// The report as JSON, for other programs: `findings` (with `file`, `line`, `rule`, `severity`,
    /// `message`), `files` and `scenarios`.
    pub fn to_json(&self) -> String {
        // Plain data with text for keys: there is nothing in it that JSON could not hold.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

impl fmt::Display for LintReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut file = None;
        for finding in &self.findings {
            if file != Some(&finding.file) {
                writeln!(f, "{}", finding.file.display())?;
                file = Some(&finding.file);
            }
            let Finding {
                line,
                severity,
                rule,
                message,
                ..
            } = finding;
            let message = message.replace('\n', "\n      ");
            writeln!(f, "  {line:>4}  {severity:<7}  {message}  [{rule}]")?;
        }
        let counted = |count: usize, word: &str| {
            let plural = if count == 1 { "" } else { "s" };
            format!("{count} {word}{plural}")
        };
        write!(
            f,
            "{} with {}: {}, {}, {}",
            counted(self.files, "file"),
            counted(self.scenarios, "scenario"),
            counted(self.count(Severity::Error), "error"),
            counted(self.count(Severity::Warning), "warning"),
            counted(self.count(Severity::Hint), "hint"),
        )
    }
}
