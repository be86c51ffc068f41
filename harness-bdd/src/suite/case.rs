//! One scenario to run, with what it takes from its feature and rule.

use std::{path::Path, rc::Rc};

use cucumber::gherkin::{Feature, Rule, Scenario, Step};

use crate::report::{ScenarioClass, ScenarioReport};

/// One scenario to run, perhaps for the second time.
#[derive(Clone, Debug)]
pub(super) struct Case {
    /// The feature and the rule without their scenarios, which are cases of their own.
    feature: Rc<Feature>,
    rule: Option<Rc<Rule>>,
    pub(super) scenario: Rc<Scenario>,
    repetition: Option<usize>,
}

impl Case {
    /// The scenarios of these features, in the order of running.
    pub(super) fn of(features: Vec<Feature>) -> Vec<Self> {
        let mut cases = Vec::new();
        for mut feature in features {
            let scenarios = std::mem::take(&mut feature.scenarios);
            let rules = std::mem::take(&mut feature.rules);
            let feature = Rc::new(feature);
            let mut add = |rule: Option<Rc<Rule>>, scenarios: Vec<Scenario>| {
                cases.extend(scenarios.into_iter().map(|scenario| Self {
                    feature: Rc::clone(&feature),
                    rule: rule.clone(),
                    scenario: Rc::new(scenario),
                    repetition: None,
                }));
            };
            add(None, scenarios);
            for mut rule in rules {
                let scenarios = std::mem::take(&mut rule.scenarios);
                add(Some(Rc::new(rule)), scenarios);
            }
        }
        cases
    }

    /// All of the cases, one round after the other, each told which round it is of.
    pub(super) fn repeated(cases: Vec<Self>, rounds: usize) -> Vec<Self> {
        if rounds < 2 {
            return cases;
        }
        (1..=rounds)
            .flat_map(|round| {
                cases.iter().map(move |case| Self {
                    repetition: Some(round),
                    ..case.clone()
                })
            })
            .collect()
    }

    /// Whether the other one is of the same feature.
    pub(super) fn shares_feature_with(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.feature, &other.feature) && self.repetition == other.repetition
    }

    pub(super) fn feature(&self) -> &str {
        &self.feature.name
    }

    pub(super) fn file(&self) -> &Path {
        self.feature.path.as_deref().unwrap_or("".as_ref())
    }

    pub(super) fn line(&self) -> usize {
        self.scenario.position.line
    }

    /// The steps of the backgrounds, then those of the scenario.
    pub(super) fn steps(&self) -> impl Iterator<Item = &Step> {
        let rule = self.rule.as_ref();
        let backgrounds = [
            self.feature.background.as_ref(),
            rule.and_then(|rule| rule.background.as_ref()),
        ];
        backgrounds
            .into_iter()
            .flatten()
            .flat_map(|background| &background.steps)
            .chain(&self.scenario.steps)
    }

    /// The tags that stand nearest first: the scenario's, the rule's, the feature's; without `@`.
    pub(super) fn all_tags(&self) -> impl Iterator<Item = &str> {
        let rule = self.rule.iter().flat_map(|rule| &rule.tags);
        let tags = self.scenario.tags.iter().chain(rule);
        tags.chain(&self.feature.tags)
            .map(|tag| tag.trim_start_matches('@'))
    }

    /// What is told of it before it is begun.
    pub(super) fn report(&self) -> ScenarioReport {
        let rule_tags = self.rule.iter().flat_map(|rule| &rule.tags);
        ScenarioReport {
            feature: self.feature.name.clone(),
            feature_tags: self
                .feature
                .tags
                .iter()
                .map(|tag| as_written(tag))
                .collect(),
            rule: self.rule.as_ref().map(|rule| rule.name.clone()),
            name: self.scenario.name.clone(),
            file: self.file().to_owned(),
            line: self.line(),
            repetition: self.repetition,
            tags: self
                .scenario
                .tags
                .iter()
                .chain(rule_tags)
                .map(|tag| as_written(tag))
                .collect(),
            verdict: ScenarioClass::Stopped,
            attempts: Vec::new(),
        }
    }
}

/// A tag as it stands in the file; the parser takes its `@` away.
fn as_written(tag: &str) -> String {
    format!("@{}", tag.trim_start_matches('@'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::feature;

    const TEXT: &str = "\
@f
Feature: F
  Background:
    Given a
  @XTP-1 @stations(ci-1)
  Scenario: one
    When b
  @r
  Rule: R
    Background:
      Given c
    Scenario: two
      When d
";

    fn cases() -> Vec<Case> {
        Case::of(vec![feature::parse("f.feature", TEXT).unwrap()])
    }

    #[test]
    fn a_case_has_the_steps_of_the_backgrounds_first() {
        let texts =
            |case: &Case| -> Vec<String> { case.steps().map(|step| step.value.clone()).collect() };
        let cases = cases();
        assert_eq!(texts(&cases[0]), ["a", "b"]);
        assert_eq!(texts(&cases[1]), ["a", "c", "d"]);
    }

    #[test]
    fn tags_are_told_as_they_were_written() {
        let report = cases()[0].report();
        assert_eq!(report.tags, ["@XTP-1", "@stations(ci-1)"]);
        assert_eq!(report.feature_tags, ["@f"]);
        let report = cases()[1].report();
        assert_eq!(
            (report.rule.as_deref(), report.tags),
            (Some("R"), vec!["@r".to_owned()])
        );
    }

    #[test]
    fn rounds_follow_each_other_and_are_told() {
        let cases = Case::repeated(cases(), 2);
        let told: Vec<_> = cases
            .iter()
            .map(|case| (case.scenario.name.as_str(), case.repetition))
            .collect();
        assert_eq!(
            told,
            [
                ("one", Some(1)),
                ("two", Some(1)),
                ("one", Some(2)),
                ("two", Some(2))
            ]
        );
    }
}
