//! How a gate is opened.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::address;
use super::board::Board;
use super::serving::serve;
use super::{Behind, Gate, GateError};
use crate::arrival::{Listener, bind};
use crate::seed::Seed;

/// A gate that is to be opened.
#[derive(Clone, Debug)]
#[must_use = "a gate is open after `open`"]
pub struct GateBuilder {
    upstream: String,
    listen: String,
    name: Option<String>,
    seed: Option<Seed>,
}

impl GateBuilder {
    pub(super) fn new(upstream: String) -> GateBuilder {
        GateBuilder {
            upstream,
            listen: "127.0.0.1:0".to_owned(),
            name: None,
            seed: None,
        }
    }

    /// Where clients connect to. Without this, on 127.0.0.1 and a port that the system picks.
    pub fn listen_on(mut self, address: impl ToString) -> GateBuilder {
        self.listen = address.to_string();
        self
    }

    /// What faults of it are told of, such as "CSP subarray 1".
    pub fn named(mut self, name: impl Into<String>) -> GateBuilder {
        self.name = Some(name.into());
        self
    }

    /// Where all chance comes from. Without this, another seed each time, which is told.
    pub fn with_seed(mut self, seed: impl Into<Seed>) -> GateBuilder {
        self.seed = Some(seed.into());
        self
    }

    /// Opens it. It passes everything on as it comes until a fault is started.
    ///
    /// Nobody needs to be there behind it yet. It runs in the tokio runtime that this is called in.
    ///
    /// # Errors
    ///
    /// When an address cannot be understood, or nobody can listen there, such as when it is in use.
    pub async fn open(self) -> Result<Gate, GateError> {
        let upstream = address::upstream(&self.upstream).await?;
        let listen = address::listening(&self.listen).await?;
        let bound = listen.iter().copied().find_map(|address| {
            let socket = bind(address);
            (socket.is_ok() || Some(&address) == listen.last()).then_some(socket)
        });
        let bound = bound.unwrap_or_else(|| Err(std::io::ErrorKind::AddrNotAvailable.into()));
        let socket = bound.and_then(|socket| Ok((socket.local_addr()?, socket)));
        let (address, socket) = socket.map_err(|source| GateError::Listen {
            address: self.listen,
            source,
        })?;

        let seed = self.seed.unwrap_or_else(Seed::random);
        let board = Arc::new(Board::new(seed));
        let (arrivals, orders) = mpsc::unbounded_channel();
        tracing::info!(%address, upstream = self.upstream, seed = seed.number(), "a gate is open");
        let behind = Arc::new(Behind::new(self.upstream, upstream));
        let listening = Listener::new(address, socket).run(orders, {
            let (board, behind) = (Arc::clone(&board), Arc::clone(&behind));
            move |client, from| {
                let identity = board.arrives(from);
                let board = Arc::clone(&board);
                tokio::spawn(serve(board, client, identity, behind.addresses()));
            }
        });
        tokio::spawn(listening);
        Ok(Gate::new(board, arrivals, address, behind, self.name))
    }
}
