//! Lines that no step matches, found before anything is run.

use cucumber::{
    gherkin::{Feature, Step},
    step::Collection,
};

use super::UndefinedStep;
use crate::Catalogue;

/// All lines of `features` that nothing in `steps` matches, each text once per file and line.
pub(super) fn undefined_steps<W>(
    features: &[Feature],
    steps: &Collection<W>,
    catalogue: &Catalogue,
) -> Vec<UndefinedStep> {
    let mut undefined: Vec<UndefinedStep> = Vec::new();
    for feature in features {
        for step in lines(feature) {
            // An ambiguous line fails when it is run, with both places named.
            if !matches!(steps.find(step), Ok(None)) {
                continue;
            }
            let keyword = step.ty.into();
            let found = UndefinedStep {
                keyword,
                text: step.value.clone(),
                file: feature.path.clone().unwrap_or_default(),
                line: step.position.line,
                nearest: catalogue
                    .nearest(keyword, &step.value)
                    .map(|entry| format!("{} {}", entry.keyword, entry.expression)),
            };
            if !undefined.contains(&found) {
                undefined.push(found);
            }
        }
    }
    undefined
}

/// Every step of a feature, backgrounds first.
fn lines(feature: &Feature) -> impl Iterator<Item = &Step> {
    let rules = &feature.rules;
    feature
        .background
        .iter()
        .chain(rules.iter().filter_map(|rule| rule.background.as_ref()))
        .flat_map(|background| &background.steps)
        .chain(
            feature
                .scenarios
                .iter()
                .flat_map(|scenario| &scenario.steps),
        )
        .chain(
            rules
                .iter()
                .flat_map(|rule| &rule.scenarios)
                .flat_map(|scenario| &scenario.steps),
        )
}
