//! From paths to parsed features.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use cucumber::{
    feature::Ext as _,
    gherkin::{Feature, GherkinEnv, ParseFileError},
};

use super::FeatureError;

/// Reads the feature files at `paths`, each a file or a folder that is searched for `*.feature`
/// through all its levels. Files come in the order of their names, each once; the rows of a Scenario
/// Outline become scenarios.
///
/// # Errors
/// Every file that can't be used, not only the first.
pub fn load<P: AsRef<Path>>(
    paths: impl IntoIterator<Item = P>,
) -> Result<Vec<Feature>, Vec<FeatureError>> {
    let mut files = BTreeSet::new();
    let mut errors = Vec::new();
    for path in paths {
        let path = path.as_ref();
        if let Err((path, source)) = find(path, true, &mut files) {
            errors.push(FeatureError::Unreadable { path, source });
        }
    }
    let mut features = Vec::new();
    for file in files {
        match Feature::parse_path(&file, GherkinEnv::default()) {
            Ok(feature) => match ready(&file, feature) {
                Ok(feature) => features.push(feature),
                Err(error) => errors.push(error),
            },
            Err(error) => {
                let text = std::fs::read_to_string(&file).ok();
                errors.push(FeatureError::from_parser(error, text.as_deref()));
            }
        }
    }
    if errors.is_empty() {
        Ok(features)
    } else {
        Err(errors)
    }
}

/// Parses a feature from text; `name` stands for the file's path in reports.
///
/// # Errors
/// As [`load`], for the one text.
pub fn parse(name: impl Into<PathBuf>, text: &str) -> Result<Feature, FeatureError> {
    let path = name.into();
    let mut feature = Feature::parse(text, GherkinEnv::default()).map_err(|error| {
        let error = ParseFileError::Parsing {
            path: path.clone(),
            error: None,
            source: error,
        };
        FeatureError::from_parser(error, Some(text))
    })?;
    feature.path = Some(path.clone());
    ready(&path, feature)
}

/// Turns the rows of outlines into scenarios, and refuses scenarios that test nothing.
fn ready(file: &Path, feature: Feature) -> Result<Feature, FeatureError> {
    let feature = feature
        .expand_examples()
        .map_err(|error| FeatureError::Placeholder {
            path: file.to_owned(),
            line: error.pos.line,
            column: error.pos.col,
            name: error.name,
        })?;
    let rules = feature.rules.iter().flat_map(|rule| &rule.scenarios);
    match feature
        .scenarios
        .iter()
        .chain(rules)
        .find(|scenario| scenario.steps.is_empty())
    {
        None => Ok(feature),
        Some(scenario) => Err(FeatureError::NoSteps {
            path: file.to_owned(),
            line: scenario.position.line,
            scenario: scenario.name.clone(),
        }),
    }
}

/// Collects feature files; a file that was `named` by the user counts whatever its name ends with.
fn find(
    path: &Path,
    named: bool,
    files: &mut BTreeSet<PathBuf>,
) -> Result<(), (PathBuf, io::Error)> {
    let with_path = |error| (path.to_owned(), error);
    if path.metadata().map_err(with_path)?.is_dir() {
        for entry in path.read_dir().map_err(with_path)? {
            let entry = entry.map_err(with_path)?;
            // Kubernetes mounts files as links into hidden folders beside them: one file, not three.
            if !entry.file_name().as_encoded_bytes().starts_with(b".") {
                find(&entry.path(), false, files)?;
            }
        }
    } else if named
        || path
            .extension()
            .is_some_and(|end| end.eq_ignore_ascii_case("feature"))
    {
        files.insert(path.to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn folders_are_searched_in_the_order_of_names_and_other_files_are_left() {
        let folder = tempfile::tempdir().unwrap();
        let text = |name: &str| format!("Feature: {name}\n  Scenario: s\n    Given g\n");
        fs::create_dir(folder.path().join("b")).unwrap();
        fs::write(folder.path().join("b/one.feature"), text("one")).unwrap();
        fs::write(folder.path().join("a.feature"), text("a")).unwrap();
        fs::write(folder.path().join("notes.txt"), "no feature").unwrap();
        let names: Vec<_> = load([folder.path()])
            .unwrap()
            .into_iter()
            .map(|feature| feature.name)
            .collect();
        assert_eq!(names, ["a", "one"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_mounted_file_counts_once_though_its_hidden_folders_hold_it_too() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("..2026")).unwrap();
        let text = "Feature: one\n  Scenario: s\n    Given g\n";
        fs::write(at("..2026/one.feature"), text).unwrap();
        std::os::unix::fs::symlink("..2026", at("..data")).unwrap();
        std::os::unix::fs::symlink("..data/one.feature", at("one.feature")).unwrap();
        assert_eq!(load([folder.path()]).unwrap().len(), 1);
    }

    #[test]
    fn every_unusable_file_is_told_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let swallowed = "Feature: f\n  Scenario: s\n    Gven g\n";
        fs::write(folder.path().join("a.feature"), swallowed).unwrap();
        fs::write(folder.path().join("b.feature"), "no feature\n").unwrap();
        let errors = load([folder.path(), Path::new("/absent/features")]).unwrap_err();
        let texts: Vec<_> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(texts.len(), 3, "{texts:?}");
        assert!(texts[0].contains("/absent/features"), "{texts:?}");
        assert!(
            texts[1].contains("a.feature:2: the scenario `s` has no steps"),
            "{texts:?}"
        );
        assert!(
            texts[2].contains("b.feature:1:1: not a feature file: `no feature`"),
            "{texts:?}"
        );
    }

    #[test]
    fn a_misspelt_keyword_is_told_where_it_stands() {
        let folder = tempfile::tempdir().unwrap();
        let text =
            "Feature: f\n  Scenario: s\n    Given g\n    Thn h\n\n  Scenario: t\n    Given g\n";
        fs::write(folder.path().join("a.feature"), text).unwrap();
        let errors = load([folder.path()]).unwrap_err();
        let text = errors[0].to_string();
        assert!(
            text.ends_with("a.feature:4:5: not a feature file: `Thn h` can't stand here"),
            "{text}"
        );
    }

    #[test]
    fn a_placeholder_without_a_column_is_told() {
        let text = "Feature: f\n  Scenario Outline: s\n    Given <that>\n\n    Examples:\n      | this |\n      | 1    |\n";
        let error = parse("f.feature", text).unwrap_err().to_string();
        assert_eq!(error, "f.feature:3:5: the Examples have no column `that`");
    }

    #[test]
    fn the_rows_of_an_outline_are_scenarios_with_lines_of_their_own() {
        let text = "Feature: f\n  Scenario Outline: to <s>\n    Given <s>\n\n    Examples:\n      | s |\n      | A |\n      | B |\n";
        let feature = parse("f.feature", text).unwrap();
        let found: Vec<_> = feature
            .scenarios
            .iter()
            .map(|s| (s.name.as_str(), s.position.line))
            .collect();
        assert_eq!(found, [("to A", 7), ("to B", 8)]);
    }
}
