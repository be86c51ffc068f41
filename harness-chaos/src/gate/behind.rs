//! What is behind a gate.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// What is behind a gate: its name as it was given, and its addresses. It can change; each connection
/// asks when it is made.
#[derive(Debug)]
pub(crate) struct Behind(Mutex<Place>);

#[derive(Clone, Debug)]
struct Place {
    name: String,
    addresses: Arc<[SocketAddr]>,
}

impl Behind {
    pub(crate) fn new(name: String, addresses: Vec<SocketAddr>) -> Behind {
        Behind(Mutex::new(Place {
            name,
            addresses: addresses.into(),
        }))
    }

    fn place(&self) -> Place {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    pub(super) fn name(&self) -> String {
        self.place().name
    }

    pub(super) fn addresses(&self) -> Arc<[SocketAddr]> {
        self.place().addresses
    }

    pub(super) fn change(&self, name: String, addresses: Vec<SocketAddr>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Place {
            name,
            addresses: addresses.into(),
        };
    }
}
