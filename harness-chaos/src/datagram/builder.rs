//! How a gate for datagrams is opened.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::mpsc;

use super::UdpGate;
use super::receiver::Receiver;
use crate::gate::{Behind, Board, Gate, GateError, listening, upstream};
use crate::seed::Seed;

/// A gate for datagrams that is to be opened.
#[derive(Clone, Debug)]
#[must_use = "a gate is open after `open`"]
pub struct UdpGateBuilder {
    upstream: String,
    listen: String,
    name: Option<String>,
    seed: Option<Seed>,
    idle: Duration,
}

impl UdpGateBuilder {
    pub(super) fn new(upstream: String) -> UdpGateBuilder {
        UdpGateBuilder {
            upstream,
            listen: "127.0.0.1:0".to_owned(),
            name: None,
            seed: None,
            idle: Duration::from_secs(600),
        }
    }

    /// Where clients send to. Without this, on 127.0.0.1 and a port that the system picks.
    pub fn listen_on(mut self, address: impl ToString) -> UdpGateBuilder {
        self.listen = address.to_string();
        self
    }

    /// What faults of it are told of.
    pub fn named(mut self, name: impl Into<String>) -> UdpGateBuilder {
        self.name = Some(name.into());
        self
    }

    /// Where all chance comes from. Without this, another seed each time, which is told.
    pub fn with_seed(mut self, seed: impl Into<Seed>) -> UdpGateBuilder {
        self.seed = Some(seed.into());
        self
    }

    /// A session in which no datagram has come for this long is ended; the client's next one opens another.
    /// Without this, ten minutes.
    pub const fn with_idle_time(mut self, idle: Duration) -> UdpGateBuilder {
        self.idle = idle;
        self
    }

    /// Opens it. It passes everything on as it comes until a fault is started.
    ///
    /// Nobody needs to be there behind it yet. It runs in the tokio runtime that this is called in.
    ///
    /// # Errors
    ///
    /// When an address cannot be understood, or nobody can listen there, such as when it is in use.
    pub async fn open(self) -> Result<UdpGate, GateError> {
        let upstreams = upstream(&self.upstream).await?;
        let addresses = listening(&self.listen).await?;
        let socket = UdpSocket::bind(&*addresses).await;
        let bound = socket.and_then(|socket| Ok((socket.local_addr()?, socket)));
        let (address, socket) = bound.map_err(|source| GateError::Listen {
            address: self.listen,
            source,
        })?;
        let Some(upstream) = upstreams.first().copied() else {
            return Err(GateError::NoUpstream {
                address: self.upstream,
                source: Some(io::ErrorKind::NotFound.into()),
            });
        };
        let seed = self.seed.unwrap_or_else(Seed::random);
        let board = Arc::new(Board::new(seed));
        let (arrivals, orders) = mpsc::unbounded_channel();
        let receiver = Receiver {
            board: Arc::clone(&board),
            socket: Arc::new(socket),
            upstream,
            idle: self.idle,
            sessions: HashMap::new(),
        };
        tokio::spawn(receiver.run(orders));
        tracing::info!(%address, upstream = self.upstream, seed = seed.number(), "a gate is open");
        let behind = Arc::new(Behind::new(self.upstream, upstreams));
        let gate = Gate::new(board, arrivals, address, behind, self.name);
        Ok(UdpGate::new(gate))
    }
}
