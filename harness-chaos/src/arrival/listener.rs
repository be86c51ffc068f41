//! The task that meets new connections.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::sleep;

use super::{Arrival, ArrivalOrder};
use crate::connection::part;

/// So many connections may wait to be accepted, where the system allows it.
const BACKLOG: u32 = 8192;

/// How long to wait when there are no sockets left, before trying again.
const BREATH: Duration = Duration::from_millis(50);

/// Listens on an address, also when somebody listened there just before.
pub(crate) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Meets new connections as it is told.
#[derive(Debug)]
pub(crate) struct Listener {
    address: SocketAddr,
    socket: Option<TcpListener>,
    manners: Vec<(u64, Arrival)>,
    stopped: bool,
}

impl Listener {
    pub(crate) const fn new(address: SocketAddr, socket: TcpListener) -> Listener {
        Listener {
            address,
            socket: Some(socket),
            manners: Vec::new(),
            stopped: false,
        }
    }

    /// Runs until those who give orders are gone.
    pub(crate) async fn run(
        mut self,
        mut orders: UnboundedReceiver<ArrivalOrder>,
        meet: impl Fn(TcpStream, SocketAddr),
    ) {
        loop {
            tokio::select! {
                biased;
                order = orders.recv() => match order {
                    Some(order) => self.follow(order),
                    None => return,
                },
                arrival = accept(self.accepting()) => match arrival {
                    Ok((stream, client)) => match self.manner() {
                        Some(Arrival::Closed(ending)) => part(stream, ending),
                        _ => meet(stream, client),
                    },
                    Err(error) => {
                        tracing::warn!(%error, "a connection could not be accepted");
                        sleep(BREATH).await;
                    }
                },
            }
        }
    }

    /// The socket, unless connections are to wait or to be refused.
    fn accepting(&self) -> Option<&TcpListener> {
        match self.manner() {
            Some(Arrival::Unanswered | Arrival::Refused) => None,
            Some(Arrival::Closed(_)) | None => self.socket.as_ref(),
        }
    }

    /// What began last goes before.
    fn manner(&self) -> Option<Arrival> {
        self.manners.last().map(|(_, manner)| *manner)
    }

    fn follow(&mut self, order: ArrivalOrder) {
        let done = match order {
            ArrivalOrder::Begin(id, manner, done) => {
                self.manners.push((id, manner));
                done
            }
            ArrivalOrder::End(id, done) => {
                self.manners.retain(|(other, _)| *other != id);
                done
            }
            ArrivalOrder::Reset(done) => {
                self.manners.clear();
                done
            }
            ArrivalOrder::Stop(done) => {
                self.stopped = true;
                done
            }
        };
        // whoever asked may have stopped waiting
        let _ = done.send(self.arrange());
    }

    /// Listens, or does not.
    fn arrange(&mut self) -> io::Result<()> {
        let listens = !self.stopped && self.manner() != Some(Arrival::Refused);
        match (listens, &self.socket) {
            (true, None) => self.socket = Some(bind(self.address)?),
            (false, Some(_)) => self.socket = None,
            _ => {}
        }
        Ok(())
    }
}

/// The next connection; never, when there is no socket.
async fn accept(socket: Option<&TcpListener>) -> io::Result<(TcpStream, SocketAddr)> {
    match socket {
        Some(socket) => socket.accept().await,
        None => std::future::pending().await,
    }
}
