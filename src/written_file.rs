//! Files that a command writes when it is through: tried out before it begins, and written whole or not at all.

use std::{fs, io, path::Path};

use crate::{exit::Exit, problem::Problem};

/// Whether a file can be written, so that it is not missing only when everything is over. What is in it stays;
/// one that was not there is not there after it.
///
/// # Errors
/// When it can't.
pub(crate) fn can_be_written(path: &Path) -> Result<(), Problem> {
    try_out(path).map_err(|error| unwritten(Exit::Usage, path, &error))
}

/// Writes a file, and the folder that it is in, if that is not there.
///
/// # Errors
/// When it can't be written: then what was in it stays.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Problem> {
    replace(path, text).map_err(|error| unwritten(Exit::Failed, path, &error))
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    make_folder(path)?;
    // what is there already may be what somebody compares with next
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    let part = path.with_file_name(name);
    // a pipe, or what a link leads to, must stay what it is
    if !path.symlink_metadata().is_ok_and(|it| !it.is_file()) {
        fs::write(&part, text)?;
        return fs::rename(&part, path).inspect_err(|_| _ = fs::remove_file(&part));
    }
    fs::write(path, text)
}

fn try_out(path: &Path) -> io::Result<()> {
    make_folder(path)?;
    let is_there = path.exists();
    fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(path)?;
    match is_there {
        true => Ok(()),
        false => fs::remove_file(path),
    }
}

fn make_folder(path: &Path) -> io::Result<()> {
    match path.parent().filter(|it| !it.as_os_str().is_empty()) {
        Some(folder) => fs::create_dir_all(folder),
        None => Ok(()),
    }
}

fn unwritten(exit: Exit, path: &Path, error: &io::Error) -> Problem {
    let words = format!("{} can't be written: {error}", path.display());
    Problem::new(exit, words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trying_out_changes_nothing_and_writing_leaves_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let (new, old) = (folder.path().join("a/new"), folder.path().join("old"));
        fs::write(&old, "before").unwrap();
        can_be_written(&new).unwrap();
        can_be_written(&old).unwrap();
        assert!(!new.exists());
        assert_eq!(fs::read_to_string(&old).unwrap(), "before");
        write(&new, "first").unwrap();
        write(&old, "after").unwrap();
        assert_eq!(fs::read_to_string(&new).unwrap(), "first");
        assert_eq!(fs::read_to_string(&old).unwrap(), "after");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        // a file where a folder should be
        assert!(can_be_written(&old.join("x")).is_err());
        assert!(write(&old.join("x"), "").is_err());
    }
}
