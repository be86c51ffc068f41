//! The file into which the record of a run is written.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use harness_core::{Journal, journal::JournalError};
use tokio::sync::oneshot;

/// Lets the journal be written to `path`, in a folder that is made if need be. Opening a pipe waits
/// for its reader: when the future is dropped, nobody waits for that any more.
pub(crate) async fn write(journal: &Journal, path: PathBuf) -> Result<(), JournalError> {
    let (opened, file) = oneshot::channel();
    let wanted = path.clone();
    // Not the runtime's own thread for such things: at the end it would be waited for.
    std::thread::Builder::new()
        .name("journal file".to_owned())
        .spawn(move || {
            // Whoever asked may have given up.
            let _ = opened.send(create(&wanted));
        })
        .map_err(|source| JournalError::Start(Arc::new(source)))?;
    let file = file.await.map_err(|_| JournalError::Ended)?;
    journal.write_to(file.map_err(|source| JournalError::Create {
        path,
        source: Arc::new(source),
    })?)
}

fn create(path: &Path) -> io::Result<File> {
    let folder = path.parent();
    folder
        .filter(|folder| !folder.as_os_str().is_empty())
        .map_or(Ok(()), fs::create_dir_all)?;
    File::create(path)
}
