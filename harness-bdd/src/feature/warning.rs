//! What a feature file has that standard Gherkin has not, and how it was read.

use std::{
    fmt,
    path::{Path, PathBuf},
};

/// A place in a feature file that was read otherwise than standard Gherkin says, or that looks like a
/// mistake. Its `Display` is `file:line: what it is, and how it was read`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FeatureWarning {
    /// The file.
    pub file: PathBuf,
    /// Line of the file, from 1.
    pub line: usize,
    /// What it is.
    pub departure: Departure,
}

impl FeatureWarning {
    pub(super) fn new(file: &Path, line: usize, departure: Departure) -> Self {
        Self {
            file: file.to_owned(),
            line,
            departure,
        }
    }
}

impl fmt::Display for FeatureWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        write!(f, "{file}:{}: {}", self.line, self.departure)
    }
}

/// One way to depart from standard Gherkin. Its `Display` says what was read and how.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Departure {
    /// The first scenario has no `Feature:` line before it.
    NoFeatureLine {
        /// The name that the feature was given: the file's.
        name: String,
    },
    /// Text, or a docstring, before the first keyword.
    TextBeforeFeature,
    /// A second `Feature:` line in the file.
    SecondFeature,
    /// A second `Feature:` line with no scenario between the two.
    FeatureInDescription,
    /// Nothing in the file, or in one of its features, can be run.
    NoScenario,
    /// A byte order mark, or blanks or line ends that Gherkin does not know.
    Encoding,
    /// A keyword in other letters, without its colon, or without its space.
    Keyword {
        /// As it stands in the file.
        found: String,
        /// As it was read.
        read: &'static str,
    },
    /// A line of a description that begins as a step would.
    StepInDescription,
    /// A line without a keyword among the steps.
    NoKeyword,
    /// A line that goes on with the step before it.
    Continued,
    /// The first step of a scenario is an `And` or `But`.
    FirstStepContinues {
        /// What it was read as.
        read: &'static str,
    },
    /// A row with more cells than its table has columns.
    SurplusCells,
    /// A row with fewer cells than its table has columns.
    MissingCells,
    /// A row whose last `|` is missing.
    OpenRow,
    /// A comment at the end of a line.
    Comment,
    /// Tags before something that takes none.
    StrayTags,
    /// Text between tags.
    TextInTags,
    /// Steps behind the Examples.
    StepsAfterExamples,
    /// Examples with the names in the first column.
    VerticalExamples,
    /// Examples before the first scenario.
    FeatureExamples,
    /// Examples without a row.
    EmptyExamples,
    /// A Scenario Outline without Examples.
    NoExamples,
    /// A `<name>` without a column of that name.
    Placeholder {
        /// The name.
        name: String,
        /// The column whose name is nearly the same.
        near: Option<String>,
    },
    /// A column of Examples that the scenario does not ask for.
    UnusedColumn {
        /// The column's name.
        name: String,
    },
    /// A row of Examples that stands there already.
    RepeatedRow {
        /// The line of the first.
        first: usize,
    },
    /// A scenario without steps.
    NoSteps {
        /// The scenario's name.
        scenario: String,
    },
}

impl Departure {
    /// Whether it is of no weight for a run: only lint tells it.
    pub(super) fn is_for_lint(&self) -> bool {
        matches!(self, Self::UnusedColumn { .. } | Self::RepeatedRow { .. })
    }

    /// Whether standard Gherkin refuses it, rather than reading it in another way.
    pub(super) fn is_refused_by_gherkin(&self) -> bool {
        !matches!(
            self,
            Self::StepInDescription
                | Self::FirstStepContinues { .. }
                | Self::Encoding
                | Self::Comment
                | Self::EmptyExamples
                | Self::NoExamples
                | Self::Placeholder { .. }
                | Self::NoSteps { .. }
                | Self::UnusedColumn { .. }
                | Self::RepeatedRow { .. }
                | Self::NoScenario
                | Self::VerticalExamples
        )
    }

    /// A short name, for choosing and for counting: `no-feature-line`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NoFeatureLine { .. } => "no-feature-line",
            Self::TextBeforeFeature => "text-before-feature",
            Self::SecondFeature | Self::FeatureInDescription => "second-feature",
            Self::NoScenario => "no-scenario",
            Self::Encoding => "encoding",
            Self::Keyword { .. } => "keyword-spelling",
            Self::StepInDescription => "step-in-description",
            Self::NoKeyword | Self::Continued => "no-keyword",
            Self::FirstStepContinues { .. } => "first-step",
            Self::SurplusCells | Self::MissingCells | Self::OpenRow => "table-shape",
            Self::Comment => "comment-at-end",
            Self::StrayTags | Self::TextInTags => "stray-tags",
            Self::StepsAfterExamples | Self::VerticalExamples | Self::FeatureExamples => {
                "examples-place"
            }
            Self::EmptyExamples => "empty-examples",
            Self::NoExamples => "no-examples",
            Self::Placeholder { .. } => "unresolved-placeholder",
            Self::UnusedColumn { .. } => "unused-column",
            Self::RepeatedRow { .. } => "repeated-row",
            Self::NoSteps { .. } => "no-steps",
        }
    }
}

impl fmt::Display for Departure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoFeatureLine { name } => {
                return write!(
                    f,
                    "no `Feature:` line; read as if `Feature: {name}` stood here"
                );
            }
            Self::Keyword { found, read } => {
                return write!(
                    f,
                    "`{found}` is not how the keyword is written; read as `{read}`"
                );
            }
            Self::FirstStepContinues { read } => {
                return write!(f, "the first step continues nothing; read as `{read}`");
            }
            Self::Placeholder { name, near } => {
                write!(
                    f,
                    "no Examples have a column `{name}`; `<{name}>` is left as it stands"
                )?;
                return match near {
                    Some(near) => write!(f, "; did you mean `<{near}>`?"),
                    None => Ok(()),
                };
            }
            Self::UnusedColumn { name } => {
                return write!(
                    f,
                    "nothing in the scenario asks for the column `{name}`; drop it"
                );
            }
            Self::RepeatedRow { first } => {
                return write!(f, "the same row as in line {first}; drop one");
            }
            Self::NoSteps { scenario } => {
                return write!(
                    f,
                    "the scenario `{scenario}` has no steps and can't pass; \
                     is the keyword of its first line misspelt?"
                );
            }
            Self::TextBeforeFeature => "text before the first keyword; left out",
            Self::SecondFeature => {
                "a second `Feature:` in the file; read as a feature of its own from here"
            }
            Self::FeatureInDescription => {
                "a second `Feature:` with no scenario before it; read as part of the description"
            }
            Self::NoScenario => "there is no scenario here; left out",
            Self::Encoding => {
                "a byte order mark, or blanks or line ends of another system; read as plain ones"
            }
            Self::StepInDescription => {
                "this line of a description begins as a step does; read as description; \
                 if it is a step, write its keyword as in `Given`, below a `Scenario:`"
            }
            Self::NoKeyword => {
                "no keyword; read as another step of the kind before it: write `And`"
            }
            Self::Continued => "goes on with the step before it; read as one line",
            Self::SurplusCells => "more cells than columns; the empty ones are left out",
            Self::MissingCells => "fewer cells than columns; read with empty ones at the end",
            Self::OpenRow => "the row has no `|` at its end; read as if it had",
            Self::Comment => "a comment at the end of the line; left out",
            Self::StrayTags => "tags before something that takes none; left out",
            Self::TextInTags => "text between tags; left out",
            Self::StepsAfterExamples => "steps behind the Examples; read as if before them",
            Self::VerticalExamples => {
                "vertical Examples; read with the first column as the names of columns"
            }
            Self::FeatureExamples => {
                "Examples of the whole feature; read as those of each scenario that has none"
            }
            Self::EmptyExamples => "Examples without a row; read as if there were none",
            Self::NoExamples => "a Scenario Outline without Examples; read as a Scenario",
        })
    }
}
