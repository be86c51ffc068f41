//! JSON files below folders, found by stem.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::document::InputDocument;
use super::embedded::{EMBEDDED, Embedded};
use super::library_error::LibraryError;
use super::nearest::nearest;
use crate::telescope::TelescopeKind;

/// Folders nested deeper than this are not looked into.
const DEPTH: usize = 16;

/// JSON files below folders, found by stem, with the embedded inputs of a telescope beneath.
///
/// `assign_resources_low`, with or without `.json` and in any case, is a file of that name in one
/// of the folders or below; `subarray/configure_low` tells it from others of the same name. The
/// folders are looked through once, the files are read when they are asked for. What no folder has
/// is looked for among the embedded ones: `assign_resources`, `configure`, `scan` and
/// `release_resources` of the telescope, and the same with `_low` and `_mid` for either.
///
/// ```
/// use harness_tango::inputs::InputLibrary;
/// use harness_tango::telescope::TelescopeKind;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let library = InputLibrary::embedded(TelescopeKind::Mid);
/// let configure = library.document("configure_mid.json")?;
/// assert_eq!(configure.values("dish.receiver_band"), ["1"]);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct InputLibrary {
    kind: TelescopeKind,
    folders: Vec<PathBuf>,
    files: Arc<Vec<PathBuf>>,
}

impl InputLibrary {
    /// The embedded inputs only, those of this telescope first.
    #[must_use]
    pub fn embedded(kind: TelescopeKind) -> InputLibrary {
        InputLibrary {
            kind,
            ..InputLibrary::default()
        }
    }

    /// Looks in one more folder, and in all folders below it except hidden ones.
    ///
    /// # Errors
    /// When the folder can not be read.
    pub fn with_folder(mut self, folder: impl AsRef<Path>) -> Result<InputLibrary, LibraryError> {
        let folder = folder.as_ref();
        let mut files = Vec::new();
        collect(folder, DEPTH, &mut files)?;
        files.sort();
        files.retain(|file| !self.files.contains(file));
        Arc::make_mut(&mut self.files).extend(files);
        self.folders.push(folder.to_owned());
        Ok(self)
    }

    /// The same files, with the embedded inputs of this telescope beneath.
    #[must_use]
    pub fn for_telescope(mut self, kind: TelescopeKind) -> InputLibrary {
        self.kind = kind;
        self
    }

    /// The folders that it looks in.
    #[must_use]
    pub fn folders(&self) -> &[PathBuf] {
        &self.folders
    }

    /// The files that it found, whose names end in `.json`.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// Whether a folder has a file of this stem; the embedded inputs do not count.
    #[must_use]
    pub fn has_file(&self, stem: &str) -> bool {
        !self.matching(stem).is_empty()
    }

    /// The file of a stem, in the folders.
    ///
    /// # Errors
    /// When there is none, or several: all are told.
    pub fn file(&self, stem: &str) -> Result<&Path, LibraryError> {
        match self.matching(stem).as_slice() {
            [] => Err(self.unknown(stem)),
            [file] => Ok(file),
            several => Err(LibraryError::Ambiguous {
                stem: stem.to_owned(),
                paths: several.iter().map(|path| path.to_path_buf()).collect(),
            }),
        }
    }

    /// The text of a file as it is, or of an embedded input.
    ///
    /// # Errors
    /// When there is no such file or several, or it can not be read.
    pub fn text(&self, stem: &str) -> Result<String, LibraryError> {
        self.named_text(stem).map(|(_, text)| text)
    }

    /// A file, or an embedded input, to edit.
    ///
    /// # Errors
    /// When there is no such file or several, or it can not be read or holds no JSON object.
    pub fn document(&self, stem: &str) -> Result<InputDocument, LibraryError> {
        let (origin, text) = self.named_text(stem)?;
        InputDocument::parse(&origin, &text).map_err(|source| LibraryError::Json { origin, source })
    }

    fn named_text(&self, stem: &str) -> Result<(String, String), LibraryError> {
        match self.file(stem) {
            Ok(path) => {
                let text = std::fs::read_to_string(path).map_err(|source| LibraryError::Read {
                    path: path.to_owned(),
                    source,
                })?;
                Ok((path.display().to_string(), text))
            }
            Err(error @ LibraryError::Ambiguous { .. }) => Err(error),
            Err(error) => Embedded::find(self.kind, without_ending(stem.trim()))
                .map(|embedded| (embedded.full_stem(), embedded.text.to_owned()))
                .ok_or(error),
        }
    }

    /// Those whose last parts are the parts of the stem.
    fn matching(&self, stem: &str) -> Vec<&Path> {
        let wanted = parts(Path::new(without_ending(stem.trim())));
        if wanted.is_empty() {
            return Vec::new();
        }
        let ends_so = |file: &&Path| parts(&file.with_extension("")).ends_with(&wanted);
        self.files
            .iter()
            .map(PathBuf::as_path)
            .filter(ends_so)
            .collect()
    }

    fn unknown(&self, stem: &str) -> LibraryError {
        let mut stems: Vec<String> = EMBEDDED.into_iter().map(Embedded::full_stem).collect();
        let own = self.files.iter().filter_map(|file| file.file_stem());
        stems.extend(own.map(|stem| stem.to_string_lossy().into_owned()));
        let wanted = without_ending(stem.trim());
        let wanted = wanted.rsplit('/').next().unwrap_or(wanted);
        LibraryError::Unknown {
            stem: stem.to_owned(),
            folders: self.folders.clone(),
            nearest: nearest(wanted, stems.iter().map(String::as_str))
                .into_iter()
                .map(str::to_owned)
                .collect(),
        }
    }
}

/// The parts of a path in lower case.
fn parts(path: &Path) -> Vec<String> {
    path.components()
        .filter(|part| !matches!(part, std::path::Component::CurDir))
        .map(|part| part.as_os_str().to_string_lossy().to_lowercase())
        .collect()
}

fn without_ending(stem: &str) -> &str {
    let ending = stem.len().saturating_sub(".json".len());
    match stem.get(ending..) {
        Some(end) if end.eq_ignore_ascii_case(".json") => stem.get(..ending).unwrap_or(stem),
        _ => stem,
    }
}

/// Links to files are followed, links to folders are not: they may lead round in a circle.
fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), LibraryError> {
    let unreadable = |source| LibraryError::Folder {
        path: folder.to_owned(),
        source,
    };
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        let kind = entry.file_type().map_err(unreadable)?;
        if hidden {
            continue;
        }
        let is_json = path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
        if kind.is_dir() {
            if depth > 0 {
                collect(&path, depth - 1, files)?;
            }
        } else if is_json && path.is_file() {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::error::Error;
    use std::fs;

    use tempfile::TempDir;

    use super::{InputLibrary, TelescopeKind};

    fn folder(files: &[(&str, &str)]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        folder
    }

    fn library(folder: &TempDir) -> InputLibrary {
        InputLibrary::embedded(TelescopeKind::Low)
            .with_folder(folder.path())
            .unwrap()
    }

    #[test]
    fn a_file_is_found_by_its_stem_at_any_depth() {
        let folder = folder(&[
            ("central/Allocate_Two.json", r#"{"a": 1}"#),
            ("deep/er/point.JSON", r#"{"b": 2}"#),
            (".hidden/x.json", "{}"),
            ("notes.txt", ""),
        ]);
        let library = library(&folder);
        for stem in [
            "allocate_two",
            "ALLOCATE_TWO.json",
            "central/allocate_two",
            " allocate_two ",
        ] {
            assert_eq!(
                library.document(stem).unwrap().text(),
                r#"{"a":1}"#,
                "{stem}"
            );
        }
        assert!(library.has_file("point") && !library.has_file("x") && !library.has_file("notes"));
        assert!(!library.has_file(""));
        assert_eq!(library.files().len(), 2);
    }

    #[test]
    fn several_of_a_name_are_told_and_more_of_the_path_tells_them_apart() {
        let one = folder(&[("low/go.json", "{}"), ("mid/go.json", r#"{"mid": 1}"#)]);
        let library = library(&one);
        let error = library.text("go").unwrap_err().to_string();
        assert!(error.contains("low/go.json and "), "{error}");
        assert!(
            error.contains("mid/go.json; say more of the path"),
            "{error}"
        );
        assert_eq!(library.text("mid/go").unwrap(), r#"{"mid": 1}"#);

        let other = folder(&[("mid/go.json", "{}")]);
        let both = library.with_folder(other.path()).unwrap();
        assert!(both.text("mid/go").is_err() && both.text("low/go").is_ok());
        let again = both.with_folder(one.path()).unwrap();
        assert_eq!(again.files().len(), 3, "a file is there once");
    }

    #[test]
    fn an_unknown_stem_is_told_with_the_nearest() {
        let folder = folder(&[("point_dishes.json", "{}")]);
        let error = library(&folder).text("point_dish").unwrap_err().to_string();
        let expected = format!(
            "there is no input point_dish below {}; nearest: point_dishes",
            folder.path().display()
        );
        assert_eq!(error, expected);
        let error = InputLibrary::default()
            .text("scan_lov")
            .unwrap_err()
            .to_string();
        assert!(error.contains("among the embedded ones"), "{error}");
        assert!(error.contains("nearest: scan_low"), "{error}");
    }

    #[test]
    fn files_come_before_the_embedded_inputs() {
        let folder = folder(&[("scan.json", r#"{"scan_id": 77}"#)]);
        let library = library(&folder);
        assert_eq!(library.text("scan").unwrap(), r#"{"scan_id": 77}"#);
        assert!(
            library
                .text("scan_low")
                .unwrap()
                .contains("ska-low-tmc-scan")
        );
        assert!(library.text("Configure.json").unwrap().contains("lowcbf"));
        let mid = library.for_telescope(TelescopeKind::Mid);
        assert!(mid.text("configure").unwrap().contains("midcbf"));
    }

    #[test]
    fn a_broken_file_is_told_when_it_is_asked_for() {
        let folder = folder(&[("half.json", "{\n \"a\": \n")]);
        let library = library(&folder);
        assert_eq!(library.text("half").unwrap(), "{\n \"a\": \n");
        let error = library.document("half").unwrap_err();
        assert!(
            error.to_string().contains("half.json is no JSON object"),
            "{error}"
        );
        let source = error.source().unwrap().to_string();
        assert!(source.contains("line 3 column"), "{source}");
        let gone = InputLibrary::default()
            .with_folder("/nowhere/inputs")
            .unwrap_err();
        assert!(gone.to_string().contains("/nowhere/inputs"), "{gone}");
    }

    #[test]
    fn links_between_folders_are_not_followed_in_a_circle() {
        let folder = folder(&[("data/a.json", "{}")]);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(folder.path(), folder.path().join("data/up")).unwrap();
            std::os::unix::fs::symlink("a.json", folder.path().join("data/b.json")).unwrap();
            assert_eq!(library(&folder).files().len(), 2);
        }
    }
}
