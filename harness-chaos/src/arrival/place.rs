//! The place where a gate listens.

use std::io;
use std::mem;
use std::net::SocketAddr;

use tokio::net::{TcpListener, TcpSocket};

/// So many connections may wait to be accepted, where the system allows it.
const BACKLOG: u32 = 8192;

/// The place where a gate listens.
///
/// A port on which nobody listens is soon given to somebody else who asks for any, and every outgoing
/// connection does. So it is kept by a socket that is bound and does not listen: the system refuses who
/// connects there, gives the port to nobody by chance, and to whoever asks for it by number.
#[derive(Debug)]
pub(super) enum Place {
    Listening(TcpListener),
    Kept(TcpSocket),
    Left,
}

impl Place {
    /// What accepts connections, if anything does.
    pub(super) const fn socket(&self) -> Option<&TcpListener> {
        match self {
            Place::Listening(socket) => Some(socket),
            Place::Kept(_) | Place::Left => None,
        }
    }

    /// Listens, where it does not yet.
    pub(super) fn listen(&mut self, address: SocketAddr) -> io::Result<()> {
        *self = match mem::replace(self, Place::Left) {
            Place::Listening(socket) => Place::Listening(socket),
            Place::Kept(socket) => Place::Listening(socket.listen(BACKLOG)?),
            Place::Left => Place::Listening(bind(address)?),
        };
        Ok(())
    }

    /// Listens no more, and keeps the place if it can.
    pub(super) fn refuse(&mut self, address: SocketAddr) {
        if !matches!(self, Place::Kept(_)) {
            // the socket that listens must be gone before another one can be bound
            *self = Place::Left;
            *self = bound(address).map_or(Place::Left, Place::Kept);
        }
    }
}

/// Listens on an address, also when somebody listened there just before.
pub(crate) fn bind(address: SocketAddr) -> io::Result<TcpListener> {
    bound(address)?.listen(BACKLOG)
}

fn bound(address: SocketAddr) -> io::Result<TcpSocket> {
    let socket = match address {
        SocketAddr::V4(_) => TcpSocket::new_v4()?,
        SocketAddr::V6(_) => TcpSocket::new_v6()?,
    };
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    Ok(socket)
}
