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
    keep(address)?.listen(BACKLOG)
}

/// Takes an address without listening there: connections are refused, and no one else is given the port.
fn keep(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}

/// What there is at the address.
#[derive(Debug)]
enum Door {
    /// Somebody listens.
    Open(TcpListener),
    /// Nobody listens, and the port is kept.
    Shut(TcpSocket),
    /// Nothing.
    Gone,
}

/// Meets new connections as it is told.
#[derive(Debug)]
pub(crate) struct Listener {
    address: SocketAddr,
    door: Door,
    manners: Vec<(u64, Arrival)>,
    stopped: bool,
}

impl Listener {
    pub(crate) const fn new(address: SocketAddr, socket: TcpListener) -> Listener {
        Listener {
            address,
            door: Door::Open(socket),
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
            Some(Arrival::Closed(_)) | None => match &self.door {
                Door::Open(socket) => Some(socket),
                Door::Shut(_) | Door::Gone => None,
            },
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
                let arranged = self.arrange();
                if arranged.is_err() {
                    // what can't begin leaves all as it was, as far as that is possible
                    self.manners.pop();
                    let _ = self.arrange();
                }
                let _ = done.send(arranged);
                return;
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
        let refuses = self.manner() == Some(Arrival::Refused);
        // what was there is closed first: two sockets of one port don't go together
        let before = std::mem::replace(&mut self.door, Door::Gone);
        self.door = match before {
            _ if self.stopped => Door::Gone,
            Door::Open(socket) if refuses => {
                drop(socket);
                Door::Shut(keep(self.address)?)
            }
            Door::Shut(socket) if !refuses => Door::Open(socket.listen(BACKLOG)?),
            Door::Gone if refuses => Door::Shut(keep(self.address)?),
            Door::Gone => Door::Open(bind(self.address)?),
            fits => fits,
        };
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
