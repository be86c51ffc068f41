//! Reading and writing without waiting, on a socket that is shared by both directions.

use std::io::{self, ErrorKind};
use std::net::Shutdown;
use std::os::fd::AsFd;
use std::task::{Context, Poll, ready};

use tokio::io::Interest;
use tokio::net::TcpStream;

/// Reads what is there.
///
/// A read that does not fill the buffer has taken everything: the socket is then known to be empty
/// without asking the kernel again.
pub(super) fn poll_read(
    socket: &TcpStream,
    cx: &mut Context<'_>,
    buffer: &mut [u8],
) -> Poll<io::Result<usize>> {
    loop {
        ready!(socket.poll_read_ready(cx))?;
        let mut partial = None;
        let outcome = socket.try_io(Interest::READABLE, || {
            let count = socket.try_read(buffer)?;
            if count > 0 && count < buffer.len() {
                partial = Some(count);
                // makes tokio forget that there is something to read, if nothing has come since
                return Err(ErrorKind::WouldBlock.into());
            }
            Ok(count)
        });
        match (partial, outcome) {
            (Some(count), _) => return Poll::Ready(Ok(count)),
            (None, Err(error)) if error.kind() == ErrorKind::WouldBlock => {}
            (None, Err(error)) if error.kind() == ErrorKind::Interrupted => {}
            (None, outcome) => return Poll::Ready(outcome),
        }
    }
}

/// Writes as much as the kernel takes.
pub(super) fn poll_write(
    socket: &TcpStream,
    cx: &mut Context<'_>,
    octets: &[u8],
) -> Poll<io::Result<usize>> {
    loop {
        ready!(socket.poll_write_ready(cx))?;
        match socket.try_write(octets) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            outcome => return Poll::Ready(outcome),
        }
    }
}

/// Says to the other end that nothing more comes.
pub(super) fn end_stream(socket: &TcpStream) -> io::Result<()> {
    let same = socket.as_fd().try_clone_to_owned()?;
    std::net::TcpStream::from(same).shutdown(Shutdown::Write)
}
