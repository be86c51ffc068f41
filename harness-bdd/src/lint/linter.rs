//! What to look at, and looking.

use std::{
    collections::BTreeSet,
    error::Error as _,
    fmt,
    path::{Path, PathBuf},
};

use cucumber::gherkin::{Feature, Step};

use super::{
    Finding, LintReport, StepKnowledge, UnknownRule, rule, scenarios, scenarios::Placed, sources,
    steps, tags,
};
use crate::feature::{FeatureError, FeatureWarning, Loaded, load_readable};

/// Looks for what is wrong with feature files.
///
/// ```
/// use harness_bdd::{StepBook, books::telescope_steps, HarnessWorld, feature, lint::{KnownSteps, Linter}};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let book = StepBook::<HarnessWorld>::new().merge(telescope_steps);
/// let text = "Scenario: Rain\n  Given it rains\n";
/// let report = Linter::new()
///     .with_steps(KnownSteps::new(book, &[])?)
///     .look_at(feature::parse_all("rain.feature", text)?);
/// let rules: Vec<_> = report.findings.iter().map(|finding| finding.rule).collect();
/// assert_eq!(rules, ["no-feature-line", "undefined-step"]);
/// # Ok(())
/// # }
/// ```
#[derive(Default)]
#[must_use = "a linter does nothing until it looks at files"]
pub struct Linter {
    steps: Option<Box<dyn StepKnowledge>>,
    allowed: BTreeSet<&'static str>,
    used_by: Vec<PathBuf>,
}

impl Linter {
    /// A linter with all rules; without steps, no line is undefined.
    pub fn new() -> Self {
        Self::default()
    }

    /// Looks for lines that none of these steps matches.
    pub fn with_steps(mut self, steps: impl StepKnowledge + 'static) -> Self {
        self.steps = Some(Box::new(steps));
        self
    }

    /// Finds nothing by this rule.
    ///
    /// # Errors
    /// [`UnknownRule`] if there is none of this name.
    pub fn allow(mut self, name: &str) -> Result<Self, UnknownRule> {
        self.allowed.insert(rule(name)?.name);
        Ok(self)
    }

    /// Looks for feature files that no Rust or Python file at `path` (a file, or a folder through all
    /// its levels) names.
    pub fn with_used_by(mut self, path: impl Into<PathBuf>) -> Self {
        self.used_by.push(path.into());
        self
    }

    /// Looks at the feature files at `paths`, each a file or a folder.
    ///
    /// # Errors
    /// [`FeatureError::Unreadable`] for paths, of features or of sources, that can't be read.
    pub fn run<P: AsRef<Path>>(
        &self,
        paths: impl IntoIterator<Item = P>,
    ) -> Result<LintReport, FeatureError> {
        let mut loaded = load_readable(paths);
        let unreadable = |error: &FeatureError| matches!(error, FeatureError::Unreadable { .. });
        if let Some(place) = loaded.refused.iter().position(unreadable) {
            return Err(loaded.refused.swap_remove(place));
        }
        let texts = sources::sources(&self.used_by)
            .map_err(|(path, source)| FeatureError::Unreadable { path, source })?;
        Ok(self.report(loaded, &texts))
    }

    /// Looks at what was loaded already.
    pub fn look_at(&self, loaded: Loaded) -> LintReport {
        self.report(loaded, &[])
    }

    fn report(&self, loaded: Loaded, sources: &[String]) -> LintReport {
        let mut found = Found::default();
        for error in &loaded.refused {
            found.refused(error);
        }
        for warning in loaded.warnings.iter().chain(&loaded.remarks) {
            found.warning(warning);
        }
        let placed = Placed::all(&loaded.features);
        if let Some(knowledge) = &self.steps {
            steps::unknown(lines(&loaded.features), knowledge.as_ref(), &mut found);
        }
        steps::drifting(lines(&loaded.features), &mut found);
        scenarios::repeated(&placed, &mut found);
        scenarios::same_names(&placed, &mut found);
        scenarios::without_when(&placed, &mut found);
        tags::drifting(&loaded.features, &placed, &mut found);
        let files: BTreeSet<&Path> = loaded
            .features
            .iter()
            .filter_map(|f| f.path.as_deref())
            .collect();
        if !self.used_by.is_empty() {
            for file in files.iter().filter(|file| !sources::is_used(file, sources)) {
                let message = "no source that was given names this file; run it, or remove it";
                found.add("unused-file", file, 1, message.to_owned());
            }
        }
        let mut findings: Vec<Finding> = found.0.into_iter().collect();
        findings.retain(|finding| !self.allowed.contains(finding.rule));
        LintReport {
            findings,
            files: files.len(),
            scenarios: placed.len(),
        }
    }
}

/// Every step of the features with its file; of an outline those of each row.
fn lines(features: &[Feature]) -> impl Iterator<Item = (&Path, &Step)> {
    features.iter().flat_map(|feature| {
        let file = feature.path.as_deref().unwrap_or(Path::new(""));
        let rules = &feature.rules;
        let backgrounds = feature
            .background
            .iter()
            .chain(rules.iter().flat_map(|rule| &rule.background));
        let scenarios = feature
            .scenarios
            .iter()
            .chain(rules.iter().flat_map(|rule| &rule.scenarios));
        backgrounds
            .flat_map(|background| &background.steps)
            .chain(scenarios.flat_map(|scenario| &scenario.steps))
            .map(move |step| (file, step))
    })
}

/// What was found so far: in the order of places, each once.
#[derive(Debug, Default)]
pub(super) struct Found(BTreeSet<Finding>);

impl Found {
    pub(super) fn add(&mut self, name: &'static str, file: &Path, line: usize, message: String) {
        if let Ok(rule) = rule(name) {
            self.0.insert(Finding::new(rule, file, line, message));
        }
    }

    fn warning(&mut self, warning: &FeatureWarning) {
        let message = warning.departure.to_string();
        self.add(
            warning.departure.name(),
            &warning.file,
            warning.line,
            message,
        );
    }

    fn refused(&mut self, error: &FeatureError) {
        match error {
            FeatureError::Syntax {
                path, line, reason, ..
            } => self.add("unreadable", path, *line, reason.clone()),
            FeatureError::Unreadable { path, .. } => {
                let cause = error
                    .source()
                    .map_or(String::new(), |cause| format!(": {cause}"));
                self.add("unreadable", path, 0, format!("{error}{cause}"));
            }
        }
    }
}

// By hand: knowledge need not be Debug.
impl fmt::Debug for Linter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Linter")
            .field("allowed", &self.allowed)
            .field("used_by", &self.used_by)
            .finish_non_exhaustive()
    }
}
