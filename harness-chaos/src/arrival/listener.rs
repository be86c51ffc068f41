//! The task that meets new connections.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::sleep;

use super::place::Place;
use super::{Arrival, ArrivalOrder};
use crate::connection::part;

/// How long to wait when there are no sockets left, before trying again.
const BREATH: Duration = Duration::from_millis(50);

/// Meets new connections as it is told.
#[derive(Debug)]
pub(crate) struct Listener {
    address: SocketAddr,
    place: Place,
    manners: Vec<(u64, Arrival)>,
    stopped: bool,
}

impl Listener {
    pub(crate) const fn new(address: SocketAddr, socket: TcpListener) -> Listener {
        Listener {
            address,
            place: Place::Listening(socket),
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
            Some(Arrival::Closed(_)) | None => self.place.socket(),
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
        if self.stopped {
            self.place = Place::Left;
            return Ok(());
        }
        match self.manner() {
            Some(Arrival::Refused) => self.place.refuse(self.address),
            _ => self.place.listen(self.address)?,
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
