//! The reports of several runs: files that are named, and folders to look into.

use std::{
    io,
    path::{Path, PathBuf},
};

/// Why no report is found in a path.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FolderError {
    #[error("can't read {}", path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("there is no {name} in {}", path.display())]
    NoneFound { path: PathBuf, name: &'static str },
}

/// The file, or all files of this name in the folder and those below it, but for what was written to `out`
/// before.
pub(crate) fn reports_in(
    path: &Path,
    name: &'static str,
    out: &Path,
) -> Result<Vec<PathBuf>, FolderError> {
    let unreadable = |source| FolderError::Unreadable {
        path: path.to_owned(),
        source,
    };
    if !path.metadata().map_err(unreadable)?.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let out = out.canonicalize().ok();
    let mut found = Vec::new();
    find(path, name, out.as_deref(), &mut found).map_err(unreadable)?;
    if found.is_empty() {
        let path = path.to_owned();
        return Err(FolderError::NoneFound { path, name });
    }
    found.sort();
    Ok(found)
}

fn find(folder: &Path, name: &str, out: Option<&Path>, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        let path = entry.path();
        // no links: they can lead round in a circle
        if entry.file_type()?.is_dir() {
            find(&path, name, out, found)?;
        } else if entry.file_name() == name && folder.canonicalize().ok().as_deref() != out {
            found.push(path);
        }
    }
    Ok(())
}
