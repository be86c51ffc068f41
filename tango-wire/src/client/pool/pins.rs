//! Objects whose calls have to share one connection.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedMutexGuard, watch};

use super::Pool;
use crate::client::connection::Connection;

/// Which objects of a server are pinned, and the one connection that their calls share.
#[derive(Debug, Default)]
pub(super) struct Pins {
    /// How many there are. Nearly always none, which costs a call no more than this look.
    count: AtomicUsize,
    /// By object key, how often each is pinned.
    keys: Mutex<HashMap<Vec<u8>, usize>>,
    lane: Arc<Lane>,
}

/// The way of all calls of pinned objects, one after another.
#[derive(Debug, Default)]
struct Lane {
    /// None before the first call, and after one that lost it.
    kept: Arc<tokio::sync::Mutex<Option<Connection>>>,
    /// How many connections were lost.
    losses: watch::Sender<u64>,
}

impl Pins {
    /// True if any object is pinned.
    pub(super) fn has_any(&self) -> bool {
        self.count.load(Ordering::Acquire) > 0
    }

    /// True if calls of this object have to wait for their [`Turn`].
    pub(super) fn contain(&self, object_key: &[u8]) -> bool {
        self.has_any() && self.keys(|keys| keys.contains_key(object_key))
    }

    /// Waits until the calls that came before have ended. Can be dropped at any time.
    pub(super) async fn turn(&self) -> Turn {
        let kept = Arc::clone(&self.lane.kept).lock_owned().await;
        Turn {
            is_first: kept.is_none(),
            is_replaced: false,
            kept,
            lane: Arc::clone(&self.lane),
        }
    }

    fn add(&self, object_key: &[u8]) {
        self.keys(|keys| *keys.entry(object_key.to_owned()).or_default() += 1);
        self.count.fetch_add(1, Ordering::Release);
    }

    /// The connection, if this was the last pin and no call has it.
    fn remove(&self, object_key: &[u8]) -> Option<Connection> {
        let is_last = self.keys(|keys| {
            if let Entry::Occupied(mut entry) = keys.entry(object_key.to_owned()) {
                *entry.get_mut() -= 1;
                if *entry.get() == 0 {
                    entry.remove();
                }
            }
            keys.is_empty()
        });
        self.count.fetch_sub(1, Ordering::Release);
        let mut kept = self.lane.kept.try_lock().ok().filter(|_| is_last)?;
        kept.take()
    }

    fn keys<T>(&self, look: impl FnOnce(&mut HashMap<Vec<u8>, usize>) -> T) -> T {
        look(&mut self.keys.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One call's turn on the shared connection. A call that does not put it back has lost it.
#[derive(Debug)]
pub(super) struct Turn {
    kept: OwnedMutexGuard<Option<Connection>>,
    lane: Arc<Lane>,
    /// True if there was no connection that could get lost.
    is_first: bool,
    is_replaced: bool,
}

impl Turn {
    /// The connection, if it still works. However long it was idle: whatever is tied to it would
    /// be lost with it.
    pub(super) fn take(&mut self) -> Option<Connection> {
        let kept = self.kept.take().filter(Connection::is_usable);
        self.is_replaced |= kept.is_none();
        kept
    }

    /// Leaves a connection to the next call.
    pub(super) fn put_back(&mut self, connection: Connection) {
        *self.kept = Some(connection);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if !self.is_first && (self.is_replaced || self.kept.is_none()) {
            self.lane.losses.send_modify(|losses| *losses += 1);
        }
    }
}

/// Keeps all calls of one object on the connection that the pinned objects of its server share,
/// until dropped. Pins are counted.
#[must_use = "the object is pinned until this is dropped"]
pub(in crate::client) struct Pin {
    pool: Arc<Pool>,
    object_key: Vec<u8>,
}

impl Pin {
    pub(super) fn new(pool: &Arc<Pool>, object_key: &[u8]) -> Pin {
        pool.pins.add(object_key);
        Pin {
            pool: Arc::clone(pool),
            object_key: object_key.to_owned(),
        }
    }

    /// Changes whenever the shared connection is lost: it was closed, or a call on it timed out or
    /// was dropped midway. The next call opens another.
    pub(in crate::client) fn losses(&self) -> watch::Receiver<u64> {
        self.pool.pins.lane.losses.subscribe()
    }
}

impl fmt::Debug for Pin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = self.object_key.escape_ascii().to_string();
        formatter.debug_tuple("Pin").field(&key).finish()
    }
}

impl Drop for Pin {
    fn drop(&mut self) {
        if let Some(connection) = self.pool.pins.remove(&self.object_key) {
            self.pool.put_back(connection);
        }
    }
}
