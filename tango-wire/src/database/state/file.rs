//! State files.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

use super::{Document, StateError, from_json, to_json};
use crate::database::store::Store;

/// Reads a state file. Blocks only a thread that is there for it.
///
/// # Errors
/// It cannot be read, or does not hold a state.
pub(in crate::database) async fn read(path: &Path) -> Result<Store, StateError> {
    let read = read_if_there(path).await?;
    read.ok_or_else(|| StateError::Read {
        path: path.to_owned(),
        source: io::ErrorKind::NotFound.into(),
    })
}

/// Reads a state file; nothing if there is none.
///
/// # Errors
/// It cannot be read, or does not hold a state.
pub(in crate::database) async fn read_if_there(path: &Path) -> Result<Option<Store>, StateError> {
    let path = path.to_owned();
    let reading = {
        let path = path.clone();
        tokio::task::spawn_blocking(move || fs::read_to_string(path))
    };
    let text = match reading.await.unwrap_or_else(|ended| Err(ended.into())) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => return Err(StateError::Read { path, source }),
    };
    from_json(&text).map(Some).map_err(|source| {
        let source = Box::new(source);
        StateError::Contents { path, source }
    })
}

/// Writes a state file: as a whole or not at all, whatever happens meanwhile.
///
/// When the future is dropped, the file may still be written.
///
/// # Errors
/// It cannot be written.
pub(in crate::database) async fn write(path: &Path, state: Document) -> Result<(), StateError> {
    let path = path.to_owned();
    let writing = {
        let path = path.clone();
        tokio::task::spawn_blocking(move || {
            let text = to_json(&state).map_err(io::Error::other)?;
            replace(&path, &text)
        })
    };
    let written = writing.await.unwrap_or_else(|ended| Err(ended.into()));
    written.map_err(|source| StateError::Write { path, source })
}

/// Writes beside the file first and then takes its place, so that no reader sees half of it.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let beside = beside(path);
    // a process with our number that was killed while it wrote may have left one
    let _ = fs::remove_file(&beside);
    let written = fs::File::create_new(&beside)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        let _ = fs::remove_file(&beside); // it may not even be there
    }
    written
}

/// A name that nobody else writes to now.
fn beside(path: &Path) -> PathBuf {
    static WRITTEN: AtomicU64 = AtomicU64::new(0);
    let number = WRITTEN.fetch_add(1, Ordering::Relaxed);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}-{number}.new", std::process::id()));
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_has_left_is_in_nobodys_way() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state.json");
        let used = beside(&path);
        let used = used.to_str().expect("a text");
        let number: u64 = used
            .rsplit_once('-')
            .and_then(|(_, number)| number.strip_suffix(".new")?.parse().ok())
            .expect("a number");
        // other tests may take some of the numbers
        for number in number..number + 1000 {
            let left = format!("state.json.{}-{number}.new", std::process::id());
            fs::write(folder.path().join(left), "{").expect("written");
        }
        replace(&path, "new").expect("replaced");
        assert_eq!(fs::read_to_string(&path).expect("read"), "new");
    }
}
