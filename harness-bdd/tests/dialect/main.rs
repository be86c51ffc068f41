//! Feature files as telescope teams write them: what is read, with which warning, and on which line.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod refused;
mod repaired;
mod running;
mod standard;
mod tables;

use harness_bdd::{
    cucumber::gherkin::Scenario,
    feature::{self, FeatureError, Loaded},
};

/// What is read of a text in `rain.feature`.
fn read(text: &str) -> Loaded {
    feature::parse_all("rain.feature", text).unwrap()
}

/// What is said about a text that can't be read.
fn refused(text: &str) -> String {
    let error: FeatureError = feature::parse_all("rain.feature", text).unwrap_err();
    error.to_string()
}

/// Each scenario as `feature/scenario@line`.
fn scenarios(loaded: &Loaded) -> Vec<String> {
    let features = loaded.features.iter();
    features
        .flat_map(|feature| {
            let name =
                |line: &Scenario| format!("{}/{}@{}", feature.name, line.name, line.position.line);
            feature.scenarios.iter().map(name).collect::<Vec<_>>()
        })
        .collect()
}

/// Each step of the scenarios as `Given text@line`, by what it is rather than how it is written.
fn steps(loaded: &Loaded) -> Vec<String> {
    let scenarios = loaded
        .features
        .iter()
        .flat_map(|feature| &feature.scenarios);
    scenarios
        .flat_map(|scenario| &scenario.steps)
        .map(|step| format!("{:?} {}@{}", step.ty, step.value, step.position.line))
        .collect()
}

/// Each warning as `name@line`.
fn warnings(loaded: &Loaded) -> Vec<String> {
    let warnings = loaded.warnings.iter();
    warnings
        .map(|warning| format!("{}@{}", warning.departure.name(), warning.line))
        .collect()
}
