//! Lines that no step matches, found before anything is run.

use cucumber::{gherkin::Feature, step::Collection};

use super::UndefinedStep;
use crate::{Catalogue, step_book::steps};

/// All lines of `features` that nothing in `collection` matches, each text once per file and line.
pub(super) fn undefined_steps<W>(
    features: &[Feature],
    collection: &Collection<W>,
    catalogue: &Catalogue,
) -> Vec<UndefinedStep> {
    let mut undefined: Vec<UndefinedStep> = Vec::new();
    for feature in features {
        for step in steps(feature) {
            // Ambiguous lines were refused when the book was bound.
            if !matches!(collection.find(step), Ok(None)) {
                continue;
            }
            let keyword = step.ty.into();
            let found = UndefinedStep {
                keyword,
                text: step.value.clone(),
                file: feature.path.clone().unwrap_or_default(),
                line: step.position.line,
                nearest: catalogue.nearest(keyword, &step.value),
            };
            if !undefined.contains(&found) {
                undefined.push(found);
            }
        }
    }
    undefined
}
