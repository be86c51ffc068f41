//! The task that receives what clients send.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{self, Sender, UnboundedReceiver};

use super::session::{LARGEST, Session};
use crate::arrival::ArrivalOrder;
use crate::gate::Board;

/// So many datagrams of one client can wait; more are lost, as in any network's buffer.
const WAITING: usize = 4096;

/// Receives what clients send, and gives it to their sessions.
#[derive(Debug)]
pub(super) struct Receiver {
    pub(super) board: Arc<Board>,
    pub(super) socket: Arc<UdpSocket>,
    pub(super) upstream: SocketAddr,
    pub(super) idle: Duration,
    pub(super) sessions: HashMap<SocketAddr, Sender<Vec<u8>>>,
}

impl Receiver {
    /// Runs until it is told to stop, or those who give orders are gone.
    pub(super) async fn run(mut self, mut orders: UnboundedReceiver<ArrivalOrder>) {
        let mut buffer = vec![0; LARGEST];
        loop {
            tokio::select! {
                biased;
                order = orders.recv() => match order {
                    None => return,
                    Some(ArrivalOrder::Stop(done)) => {
                        drop(self.socket);
                        // whoever asked may have stopped waiting
                        let _ = done.send(Ok(()));
                        return;
                    }
                    Some(
                        ArrivalOrder::Begin(_, _, done)
                        | ArrivalOrder::End(_, done)
                        | ArrivalOrder::Reset(done),
                    ) => {
                        let _ = done.send(Ok(()));
                    }
                },
                received = self.socket.recv_from(&mut buffer) => match received {
                    Ok((count, client)) => {
                        let octets = buffer.get(..count).unwrap_or_default().to_vec();
                        self.deliver(client, octets).await;
                    }
                    Err(error) => tracing::debug!(%error, "a datagram is lost"),
                },
            }
        }
    }

    /// Gives a datagram to the session of the client, which is opened if there is none.
    async fn deliver(&mut self, client: SocketAddr, octets: Vec<u8>) {
        let octets = match self.sessions.get(&client) {
            Some(session) => match session.try_send(octets) {
                Ok(()) => return,
                Err(TrySendError::Full(_)) => {
                    tracing::debug!(%client, "a datagram is lost, as too many wait");
                    return;
                }
                Err(TrySendError::Closed(octets)) => octets,
            },
            None => octets,
        };
        match self.open(client).await {
            Ok(Some(session)) => {
                // it has room for the first
                let _ = session.try_send(octets);
                self.sessions.insert(client, session);
            }
            Ok(None) => {}
            Err(error) => tracing::warn!(%client, %error, "there is no socket for a client"),
        }
    }

    async fn open(&mut self, client: SocketAddr) -> io::Result<Option<Sender<Vec<u8>>>> {
        self.sessions.retain(|_, session| !session.is_closed());
        let any = match self.upstream {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        };
        let upstream = UdpSocket::bind((any, 0)).await?;
        upstream.connect(self.upstream).await?;
        let identity = self.board.arrives(client);
        let Some(course) = self.board.opens(identity) else {
            return Ok(None);
        };
        let (sender, inbox) = mpsc::channel(WAITING);
        let session = Session {
            clients: Arc::clone(&self.socket),
            client,
            upstream,
            inbox,
            idle: self.idle,
        };
        let board = Arc::clone(&self.board);
        tokio::spawn(async move {
            let closed = session.run(course).await;
            board.ends(identity, closed);
        });
        Ok(Some(sender))
    }
}
