//! From paths to parsed features.

use std::{
    collections::BTreeSet,
    io,
    path::{Path, PathBuf},
};

use cucumber::gherkin::Feature;

use super::{FeatureError, FeatureWarning, read::read};

/// What feature files hold.
#[derive(Debug, Default)]
#[must_use]
#[non_exhaustive]
pub struct Loaded {
    /// The features, in the order of the files' names; the rows of Examples are scenarios.
    pub features: Vec<Feature>,
    /// What was read otherwise than standard Gherkin says, or looks like a mistake.
    pub warnings: Vec<FeatureWarning>,
    /// What only lint tells.
    pub(crate) remarks: Vec<FeatureWarning>,
    /// The files that can't be read; nothing of them is in `features`.
    pub refused: Vec<FeatureError>,
}

/// Reads the feature files at `paths`, each a file or a folder that is searched for `*.feature`
/// through all its levels. Files come in the order of their names, each once; the rows of a Scenario
/// Outline become scenarios. What departs from standard Gherkin is read as pytest-bdd reads it
/// (`docs/features.md` has the table), each with a warning.
///
/// # Errors
/// Every file that can't be used, not only the first; [`load_readable`] goes on without them.
pub fn load<P: AsRef<Path>>(
    paths: impl IntoIterator<Item = P>,
) -> Result<Loaded, Vec<FeatureError>> {
    let loaded = load_readable(paths);
    if loaded.refused.is_empty() {
        Ok(loaded)
    } else {
        Err(loaded.refused)
    }
}

/// As [`load`], but gives the files that can't be used beside what the others hold.
pub fn load_readable<P: AsRef<Path>>(paths: impl IntoIterator<Item = P>) -> Loaded {
    let mut found = Found::default();
    let mut loaded = Loaded::default();
    for path in paths {
        found.find(path.as_ref(), true, &mut loaded.refused);
    }
    for path in found.files {
        match std::fs::read(&path) {
            Err(source) => loaded
                .refused
                .push(FeatureError::Unreadable { path, source }),
            Ok(bytes) => match std::str::from_utf8(&bytes) {
                Ok(text) => read(&path, text, &mut loaded),
                Err(error) => {
                    let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
                    let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
                    loaded.refused.push(FeatureError::Syntax {
                        path,
                        line,
                        column: 1,
                        reason: "the line is not UTF-8; save the file as UTF-8".to_owned(),
                    });
                }
            },
        }
    }
    loaded
}

/// Parses a feature from text; `name` stands for the file's path in reports.
///
/// # Errors
/// As [`load`], for the one text; and if it does not hold exactly one feature with scenarios, for
/// which there is [`parse_all`].
pub fn parse(name: impl Into<PathBuf>, text: &str) -> Result<Feature, FeatureError> {
    let path = name.into();
    let mut features = parse_all(path.clone(), text)?.features.into_iter();
    match (features.next(), features.next()) {
        (Some(feature), None) => Ok(feature),
        (first, _) => Err(FeatureError::Syntax {
            path,
            line: 1,
            column: 1,
            reason: match first {
                Some(_) => "there are several features in this text".to_owned(),
                None => "there is no scenario in this text".to_owned(),
            },
        }),
    }
}

/// Parses the features of a text, of which a file may hold several.
///
/// # Errors
/// As [`load`], for the one text.
pub fn parse_all(name: impl Into<PathBuf>, text: &str) -> Result<Loaded, FeatureError> {
    let mut loaded = Loaded::default();
    read(&name.into(), text, &mut loaded);
    match loaded.refused.pop() {
        Some(error) => Err(error),
        None => Ok(loaded),
    }
}

/// Feature files of a search, each once.
#[derive(Default)]
struct Found {
    files: BTreeSet<PathBuf>,
    /// The same without links and dots: what was taken in, and the folders that were searched.
    known: BTreeSet<PathBuf>,
}

impl Found {
    /// Collects feature files; a file that was `named` by the user counts whatever its name ends
    /// with. What can't be read keeps nothing beside it from being found.
    fn find(&mut self, path: &Path, named: bool, refused: &mut Vec<FeatureError>) {
        let mut refuse = |path: &Path, source| {
            let path = path.to_owned();
            refused.push(FeatureError::Unreadable { path, source });
        };
        let is_feature = || {
            path.extension()
                .is_some_and(|end| end.eq_ignore_ascii_case("feature"))
        };
        let whole = match path.canonicalize() {
            Ok(whole) => whole,
            // A link that leads nowhere and is no feature is nobody's business.
            Err(_) if !named && !is_feature() => return,
            Err(source) => return refuse(path, source),
        };
        if !whole.is_dir() {
            if (named || is_feature()) && self.known.insert(whole) {
                self.files.insert(path.to_owned());
            }
            return;
        }
        // Links can lead round in a circle.
        if !self.known.insert(whole) {
            return;
        }
        let entries: io::Result<Vec<_>> = path.read_dir().and_then(Iterator::collect);
        let mut entries = match entries {
            Ok(entries) => entries,
            Err(source) => return refuse(path, source),
        };
        entries.sort_by_key(std::fs::DirEntry::file_name);
        for entry in entries {
            // Kubernetes mounts files as links into hidden folders beside them: one file, not three.
            if !entry.file_name().as_encoded_bytes().starts_with(b".") {
                self.find(&entry.path(), false, refused);
            }
        }
    }
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
            .features
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
        assert_eq!(load([folder.path()]).unwrap().features.len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_nowhere_or_in_a_circle_hides_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let link = |to: &str, name: &str| std::os::unix::fs::symlink(to, at(name)).unwrap();
        fs::write(at("m.feature"), "Feature: m\n  Scenario: s\n    Given g\n").unwrap();
        link("gone", "a-note");
        link("gone", "a.feature");
        link(".", "round");
        link("gone", "z.feature");
        let loaded = load_readable([folder.path()]);
        assert_eq!(loaded.features.len(), 1);
        assert_eq!(loaded.refused.len(), 2, "{:?}", loaded.refused);
    }

    #[test]
    fn a_file_that_is_named_in_two_ways_counts_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.feature");
        fs::write(&path, "Feature: a\n  Scenario: s\n    Given g\n").unwrap();
        let again = folder.path().join("./b/../a.feature");
        fs::create_dir(folder.path().join("b")).unwrap();
        let loaded = load([folder.path(), &path, &again]).unwrap();
        assert_eq!(loaded.features.len(), 1);
    }

    #[test]
    fn every_unusable_file_is_told_with_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let misspelt = "Feature: f\n  Scenario: s\n    Given g\n    Wen h\n";
        fs::write(folder.path().join("a.feature"), misspelt).unwrap();
        fs::write(folder.path().join("b.feature"), "no feature\n").unwrap();
        let errors = load([folder.path(), Path::new("/absent/features")]).unwrap_err();
        let texts: Vec<_> = errors.iter().map(ToString::to_string).collect();
        assert_eq!(texts.len(), 3, "{texts:?}");
        assert!(texts[0].contains("/absent/features"), "{texts:?}");
        assert!(
            texts[1].contains("a.feature:4:5: not a feature file: `Wen h` can't stand here"),
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
            text.ends_with(
                "a.feature:4:5: not a feature file: `Thn h` can't stand here; did you mean `Then`?"
            ),
            "{text}"
        );
    }

    #[test]
    fn a_placeholder_without_a_column_is_told() {
        let text = "Feature: f\n  Scenario Outline: s\n    Given <that>\n\n    Examples:\n      | this |\n      | 1    |\n";
        let loaded = parse_all("f.feature", text).unwrap();
        assert_eq!(loaded.features[0].scenarios[0].steps[0].value, "<that>");
        assert_eq!(
            loaded.warnings[0].to_string(),
            "f.feature:3: no Examples have a column `that`; `<that>` is left as it stands"
        );
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
