//! A database at work.

use std::{
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    DatabaseError, StateError,
    state::{self, Document, Keeper},
    store::Store,
};
use crate::server::RunningServer;

/// A database that serves until it is shut down or dropped.
///
/// What it knew is then gone, unless it has a
/// [state file](super::Database::with_state_file). When it is dropped, the file is written in the
/// background, as long as the tokio runtime lives.
#[derive(Debug)]
#[must_use = "the database stops when this is dropped"]
pub struct RunningDatabase {
    // in this order: nothing changes any more when the file is written
    server: RunningServer,
    store: Arc<Mutex<Store>>,
    keeper: Option<Keeper>,
}

impl RunningDatabase {
    pub(super) fn new(
        server: RunningServer,
        store: Arc<Mutex<Store>>,
        keeper: Option<Keeper>,
    ) -> Self {
        Self {
            server,
            store,
            keeper,
        }
    }

    /// Where clients and servers find it, `host:port`: what they want in `TANGO_HOST`.
    #[must_use]
    pub fn tango_host(&self) -> String {
        self.server.host_and_port()
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// What it holds now, in the form of [`Database::to_json`](super::Database::to_json).
    ///
    /// # Errors
    /// None in practice.
    pub fn to_json(&self) -> Result<String, StateError> {
        state::to_json(&self.document())
    }

    /// Writes what it holds now to a file, for [`Database::load`](super::Database::load): a
    /// file that is there is replaced as a whole or not at all.
    ///
    /// When the future is dropped, the file may still be written.
    ///
    /// # Errors
    /// The file cannot be written.
    pub async fn save(&self, path: impl AsRef<Path>) -> Result<(), StateError> {
        let state = self.document();
        state::write(path.as_ref(), state).await
    }

    fn document(&self) -> Document {
        Document::of(&self.store.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Stops serving: clients are disconnected, and the state file is written, if it has one.
    ///
    /// # Errors
    /// The state file cannot be written.
    pub async fn shutdown(self) -> Result<(), DatabaseError> {
        self.server.shutdown().await?;
        if let Some(keeper) = self.keeper {
            keeper.end().await?;
        }
        Ok(())
    }
}
