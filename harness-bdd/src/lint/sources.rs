//! Feature files that no source of a test names.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

/// The texts of the Rust and Python files at `paths`, each a file or a folder.
///
/// # Errors
/// The first path that can't be read.
pub(super) fn sources(paths: &[PathBuf]) -> Result<Vec<String>, (PathBuf, io::Error)> {
    let mut texts = Vec::new();
    for path in paths {
        read(path, true, &mut texts)?;
    }
    Ok(texts)
}

fn read(path: &Path, named: bool, texts: &mut Vec<String>) -> Result<(), (PathBuf, io::Error)> {
    let with_path = |error| (path.to_owned(), error);
    if path.metadata().map_err(with_path)?.is_dir() {
        for entry in path.read_dir().map_err(with_path)? {
            read(&entry.map_err(with_path)?.path(), false, texts)?;
        }
    } else if named
        || path
            .extension()
            .is_some_and(|end| end == "rs" || end == "py")
    {
        let bytes = fs::read(path).map_err(with_path)?;
        texts.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    Ok(())
}

/// Whether one of the sources names the file, or takes in a folder in which it is.
pub(super) fn is_used(file: &Path, sources: &[String]) -> bool {
    let Some(stem) = file.file_stem().and_then(|stem| stem.to_str()) else {
        return true;
    };
    let folders: Vec<&str> = file
        .parent()
        .iter()
        .flat_map(|folder| folder.iter())
        .filter_map(|folder| folder.to_str())
        .collect();
    sources
        .iter()
        .any(|text| names(text, stem) || takes_in(text, &folders))
}

/// Whether `stem` stands in the text as a word: not as a part of a longer name.
fn names(text: &str, stem: &str) -> bool {
    text.match_indices(stem).any(|(place, _)| {
        let inside =
            |character: char| character.is_alphanumeric() || character == '_' || character == '-';
        let before = text.get(..place).and_then(|text| text.chars().next_back());
        let behind = text
            .get(place + stem.len()..)
            .and_then(|text| text.chars().next());
        !before.is_some_and(inside) && !behind.is_some_and(inside)
    })
}

/// Whether a call of pytest-bdd's `scenarios("..")` or of a suite's `with_features("..")` names one of
/// the folders.
fn takes_in(text: &str, folders: &[&str]) -> bool {
    let calls = ["scenarios(", "with_features("].into_iter();
    let arguments = calls.flat_map(|call| text.split(call).skip(1));
    arguments
        .filter_map(|behind| behind.split(')').next())
        .flat_map(|inside| inside.split(['"', '\'']).skip(1).step_by(2))
        .filter_map(|path| path.trim_end_matches('/').rsplit('/').next())
        .any(|folder| folders.contains(&folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_used_if_it_is_named_as_a_word_or_its_folder_is_taken_in() {
        let used = |text: &str| is_used(Path::new("features/low/rain.feature"), &[text.to_owned()]);
        assert!(used("@scenario(\"../features/low/rain.feature\", \"wet\")"));
        assert!(used("suite.with_features(\"tests/features\")"));
        assert!(used("scenarios('../features/low/')"));
        assert!(!used(
            "@scenario(\"../features/low/drain.feature\", \"wet\")"
        ));
        assert!(!used("rainy rain_2 scenarios('mid')"));
    }
}
