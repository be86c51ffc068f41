//! Files that a command writes when it is through: tried out before it begins, and written whole or not at all.

use std::{
    fs::{self, Metadata, OpenOptions},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use crate::{exit::Exit, problem::Problem};

/// Whether files can be written, so that none is missing only when everything is over. What is in them stays; one
/// that was not there is not there after it. Of a pipe or a device only its being there is seen.
///
/// # Errors
/// When one can't, or when two of them are the same file.
pub(crate) fn can_be_written<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Result<(), Problem> {
    let mut places = Vec::new();
    for path in paths {
        let place = try_out(path).map_err(|error| unwritten(Exit::Usage, path, &error))?;
        if place.is_some() && places.contains(&place) {
            let words = format!("two outputs would be written to {}", path.display());
            return Err(Problem::usage(words).advise("give each of them a file of its own"));
        }
        places.push(place);
    }
    Ok(())
}

/// Writes a file, and the folder that it is in, if that is not there.
///
/// # Errors
/// When it can't be written.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Problem> {
    replace(path, text).map_err(|error| unwritten(Exit::Failed, path, &error))
}

/// What is there already may be what somebody compares with next: it stays if the other can't be written.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    make_folder(path)?;
    let there = path.symlink_metadata().ok();
    // a pipe, or what a link leads to, must stay what it is
    if there.as_ref().is_some_and(|it| !it.is_file()) {
        return fs::write(path, text);
    }
    let name = format!(".harness-{}.part", std::process::id());
    let part = path.with_file_name(name);
    let Ok(file) = OpenOptions::new().write(true).create_new(true).open(&part) else {
        // where only this one file may be written
        return fs::write(path, text);
    };
    let written = fill(file, text, there.as_ref());
    let renamed = written.map(|()| fs::rename(&part, path));
    if !matches!(renamed, Ok(Ok(()))) {
        let _ = fs::remove_file(&part);
    }
    match renamed? {
        Ok(()) => Ok(()),
        // it is mounted into its folder
        Err(_) => fs::write(path, text),
    }
}

fn fill(mut file: fs::File, text: &str, like: Option<&Metadata>) -> io::Result<()> {
    if let Some(like) = like {
        file.set_permissions(like.permissions())?;
    }
    file.write_all(text.as_bytes())
}

/// Opens a file to write, if it is one, and says where that is.
fn try_out(path: &Path) -> io::Result<Option<PathBuf>> {
    make_folder(path)?;
    match path.symlink_metadata() {
        Ok(there) if there.is_symlink() && !path.exists() => {
            let target = fs::read_link(path)?;
            let folder = path.parent().unwrap_or(Path::new(""));
            try_out(&folder.join(target))
        }
        // to open a pipe is to wait for who reads it
        Ok(_) if path.metadata()?.is_file() || path.is_dir() => {
            OpenOptions::new().append(true).open(path)?;
            path.canonicalize().map(Some)
        }
        Ok(_) => Ok(None),
        Err(_) => {
            OpenOptions::new().write(true).create_new(true).open(path)?;
            let place = path.canonicalize();
            fs::remove_file(path)?;
            place.map(Some)
        }
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
        can_be_written([&*new, &*old]).unwrap();
        assert!(!new.exists());
        assert_eq!(fs::read_to_string(&old).unwrap(), "before");
        write(&new, "first").unwrap();
        write(&old, "after").unwrap();
        assert_eq!(fs::read_to_string(&new).unwrap(), "first");
        assert_eq!(fs::read_to_string(&old).unwrap(), "after");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        // a file where a folder should be, and the other way round
        for path in [&*old.join("x"), folder.path()] {
            assert!(can_be_written([path]).is_err());
            assert!(write(path, "").is_err());
        }
        // a name that is as long as names may be
        let long = folder.path().join("n".repeat(255));
        can_be_written([&*long]).unwrap();
        write(&long, "x").unwrap();
    }

    #[test]
    fn no_two_outputs_are_the_same_file() {
        let folder = tempfile::tempdir().unwrap();
        let (new, again) = (folder.path().join("new"), folder.path().join("./new"));
        let problem = can_be_written([&*new, &*again]).unwrap_err();
        assert_eq!(problem.tell() as i32, Exit::Usage as i32);
        can_be_written([Path::new("/dev/null"), Path::new("/dev/null")]).unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn links_and_their_modes_stay_and_pipes_are_not_waited_for() {
        use std::os::unix::fs::{PermissionsExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (link, target) = (folder.path().join("link"), folder.path().join("target"));
        symlink("target", &link).unwrap();
        can_be_written([&*link]).unwrap();
        assert!(link.is_symlink() && !target.exists());
        write(&link, "through").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read_to_string(&target).unwrap(), "through");
        assert!(can_be_written([&*link, &*target]).is_err());

        fs::set_permissions(&target, fs::Permissions::from_mode(0o600)).unwrap();
        write(&target, "secret").unwrap();
        let mode = target.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        assert!(made.unwrap().success());
        can_be_written([&*pipe]).unwrap();
        let reading = pipe.clone();
        let reader = std::thread::spawn(move || fs::read_to_string(reading).unwrap());
        write(&pipe, "through a pipe").unwrap();
        assert_eq!(reader.join().unwrap(), "through a pipe");
    }
}
