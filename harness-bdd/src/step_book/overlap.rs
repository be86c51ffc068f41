//! Lines that several steps match.

use std::fmt;

use cucumber::step::Location;

use super::{FoundStep, Keyword};

/// An example of a phrase that other steps match, too. The one that was added to the book first counts,
/// a step with an expression before all phrases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// Under which keywords.
    pub keywords: Vec<Keyword>,
    /// The example.
    pub line: String,
    /// Where the phrase is defined that has this example.
    pub example_of: Location,
    /// The steps that match it, the one that counts first.
    pub steps: Vec<FoundStep>,
}

impl Overlap {
    /// Whether another step takes the line than the one whose example it is.
    pub fn is_taken(&self) -> bool {
        self.steps.first().and_then(|step| step.location) != Some(self.example_of)
    }
}

impl fmt::Display for Overlap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keywords: Vec<_> = self.keywords.iter().map(Keyword::to_string).collect();
        write!(f, "{} `{}`", keywords.join("/"), self.line)?;
        for (index, step) in self.steps.iter().enumerate() {
            let part = if index == 0 { "is" } else { "not" };
            write!(f, "\n    {part:<3} {}", step.expression)?;
            if let Some(location) = step.location {
                write!(f, " ({location})")?;
            }
            if step.location == Some(self.example_of) && index > 0 {
                f.write_str(", whose example it is")?;
            }
        }
        Ok(())
    }
}
