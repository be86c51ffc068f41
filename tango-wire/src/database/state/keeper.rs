//! Saves what a database holds whenever it has changed.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{Notify, oneshot},
    task::JoinHandle,
};

use super::{Document, StateError, write};
use crate::database::store::Store;

/// How long further changes are awaited after the first.
const PATIENCE: Duration = Duration::from_millis(500);

/// A task that writes the state file: half a second after a change, and a last time when it is
/// ended or dropped.
#[derive(Debug)]
pub(in crate::database) struct Keeper {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), StateError>>,
}

impl Keeper {
    /// `changed` is told of every change.
    pub(in crate::database) fn spawn(
        path: PathBuf,
        store: Arc<Mutex<Store>>,
        changed: Arc<Notify>,
    ) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(keep(path, store, changed, stopped));
        Self { stop, task }
    }

    /// Writes a last time.
    ///
    /// # Errors
    /// The file cannot be written.
    pub(in crate::database) async fn end(self) -> Result<(), StateError> {
        drop(self.stop);
        // it does not panic; if its runtime ends it, there is no time left to write
        self.task.await.unwrap_or(Ok(()))
    }
}

async fn keep(
    path: PathBuf,
    store: Arc<Mutex<Store>>,
    changed: Arc<Notify>,
    mut stopped: oneshot::Receiver<()>,
) -> Result<(), StateError> {
    loop {
        let mut last = tokio::select! {
            () = changed.notified() => false,
            _ = &mut stopped => true,
        };
        if !last {
            last = tokio::select! {
                () = tokio::time::sleep(PATIENCE) => false,
                _ = &mut stopped => true,
            };
        }
        let state = {
            let store = store.lock().unwrap_or_else(PoisonError::into_inner);
            Document::of(&store)
        };
        let written = write(&path, state).await;
        if last {
            return written;
        }
        if let Err(error) = written {
            let error: &dyn std::error::Error = &error;
            tracing::error!(error, "the database's state is not saved");
        }
    }
}
