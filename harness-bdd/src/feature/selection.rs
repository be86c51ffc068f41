//! Which scenarios of the loaded features are run.

use std::path::PathBuf;

use cucumber::{
    codegen::Regex,
    gherkin::{Feature, Rule, Scenario},
};

use super::{SelectionError, tag_expression::TagExpression};

/// Chooses scenarios by tags and by name.
///
/// A scenario must satisfy everything that was asked. A scenario with a tag that doesn't apply here
/// (for example `@simulated` on a real telescope) is left out and counted apart, so that nobody takes
/// it for passed.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    tags: Option<TagExpression>,
    name: Option<Regex>,
    inapplicable: Vec<(String, String)>,
}

/// A scenario that was asked for and makes no sense here.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct NotApplicable {
    /// The scenario's name.
    pub scenario: String,
    /// Its file.
    pub file: PathBuf,
    /// Its line.
    pub line: usize,
    /// Why it was left out.
    pub reason: String,
}

/// What is left to run, and what was left out.
#[derive(Debug)]
pub(crate) struct Selected {
    pub(crate) features: Vec<Feature>,
    pub(crate) not_applicable: Vec<NotApplicable>,
}

impl Selection {
    /// Everything.
    pub fn new() -> Self {
        Self::default()
    }

    /// Only scenarios whose tags (the feature's and the rule's included) satisfy `expression`:
    /// `@smoke and not @slow`. A tag may have brackets, `@stations(ci-1)`, and the case of letters
    /// does not count.
    ///
    /// # Errors
    /// [`SelectionError::Tags`] if it is no tag expression.
    pub fn tagged(mut self, expression: &str) -> Result<Self, SelectionError> {
        let tags = expression.parse().map_err(|reason| SelectionError::Tags {
            expression: expression.to_owned(),
            reason,
        })?;
        self.tags = Some(tags);
        Ok(self)
    }

    /// Only scenarios whose name matches the regular expression `pattern`, anywhere in the name.
    ///
    /// # Errors
    /// [`SelectionError::Name`] if it is no regular expression.
    pub fn named(mut self, pattern: &str) -> Result<Self, SelectionError> {
        let name = Regex::new(pattern).map_err(|error| SelectionError::Name {
            pattern: pattern.to_owned(),
            reason: error.to_string(),
        })?;
        self.name = Some(name);
        Ok(self)
    }

    /// Leaves out scenarios with `tag` (without `@`), as not applicable because of `reason`.
    #[must_use]
    pub fn not_applicable(mut self, tag: impl Into<String>, reason: impl Into<String>) -> Self {
        self.inapplicable.push((tag.into(), reason.into()));
        self
    }

    /// Applies the choice; features without scenarios are dropped.
    pub(crate) fn of(&self, features: Vec<Feature>) -> Selected {
        let mut selected = Selected {
            features: Vec::new(),
            not_applicable: Vec::new(),
        };
        for mut feature in features {
            let scenarios = std::mem::take(&mut feature.scenarios);
            let chosen = self.choose(&feature, None, scenarios, &mut selected.not_applicable);
            feature.scenarios = chosen;
            let mut rules = std::mem::take(&mut feature.rules);
            for rule in &mut rules {
                let scenarios = std::mem::take(&mut rule.scenarios);
                let chosen = self.choose(
                    &feature,
                    Some(rule),
                    scenarios,
                    &mut selected.not_applicable,
                );
                rule.scenarios = chosen;
            }
            rules.retain(|rule| !rule.scenarios.is_empty());
            feature.rules = rules;
            if !feature.scenarios.is_empty() || !feature.rules.is_empty() {
                selected.features.push(feature);
            }
        }
        selected
    }

    fn choose(
        &self,
        feature: &Feature,
        rule: Option<&Rule>,
        scenarios: Vec<Scenario>,
        not_applicable: &mut Vec<NotApplicable>,
    ) -> Vec<Scenario> {
        let mut chosen = Vec::new();
        for scenario in scenarios {
            let tags: Vec<&str> = feature
                .tags
                .iter()
                .chain(rule.into_iter().flat_map(|rule| &rule.tags))
                .chain(&scenario.tags)
                .map(|tag| tag.trim_start_matches('@'))
                .collect();
            let wanted = self
                .tags
                .as_ref()
                .is_none_or(|wanted| wanted.is_satisfied_by(&tags))
                && self
                    .name
                    .as_ref()
                    .is_none_or(|name| name.is_match(&scenario.name));
            if !wanted {
                continue;
            }
            match self
                .inapplicable
                .iter()
                .find(|(tag, _)| tags.contains(&tag.as_str()))
            {
                Some((_, reason)) => not_applicable.push(NotApplicable {
                    scenario: scenario.name.clone(),
                    file: feature.path.clone().unwrap_or_default(),
                    line: scenario.position.line,
                    reason: reason.clone(),
                }),
                None => chosen.push(scenario),
            }
        }
        chosen
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature::parse;

    const FEATURE: &str = "@low\nFeature: f\n  Scenario: plain\n    Given g\n\n  @slow\n  Scenario: slow one\n    Given g\n\n  @simulated\n  Scenario: stuck\n    Given g\n";

    fn names(selection: &Selection) -> Vec<String> {
        let features = selection
            .of(vec![parse("f.feature", FEATURE).unwrap()])
            .features;
        features
            .into_iter()
            .flat_map(|f| f.scenarios)
            .map(|s| s.name)
            .collect()
    }

    #[test]
    fn nothing_asked_means_everything() {
        assert_eq!(names(&Selection::new()), ["plain", "slow one", "stuck"]);
    }

    #[test]
    fn tags_of_the_feature_count_for_its_scenarios() {
        assert_eq!(
            names(&Selection::new().tagged("@low and not @slow").unwrap()),
            ["plain", "stuck"]
        );
        assert!(names(&Selection::new().tagged("@mid").unwrap()).is_empty());
    }

    #[test]
    fn tags_and_name_must_both_hold() {
        let selection = Selection::new()
            .tagged("not @slow")
            .unwrap()
            .named("^s")
            .unwrap();
        assert_eq!(names(&selection), ["stuck"]);
    }

    #[test]
    fn what_does_not_apply_is_counted_only_if_it_was_asked_for() {
        let selection = Selection::new().not_applicable("simulated", "a real telescope");
        let feature = || vec![parse("f.feature", FEATURE).unwrap()];
        let selected = selection.of(feature());
        assert_eq!(selected.not_applicable.len(), 1);
        assert_eq!(selected.not_applicable[0].scenario, "stuck");
        assert_eq!(selected.not_applicable[0].line, 11);
        let slow = selection.clone().tagged("@slow").unwrap().of(feature());
        assert!(slow.not_applicable.is_empty());
    }

    #[test]
    fn words_that_are_no_expression_are_refused() {
        let error = Selection::new()
            .tagged("@a and and")
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("`@a and and` is not a tag expression"),
            "{error}"
        );
        let error = Selection::new().named("(").unwrap_err().to_string();
        assert!(
            error.starts_with("`(` is not a regular expression"),
            "{error}"
        );
    }
}
