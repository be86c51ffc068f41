//! How the gate closes a socket.

use tokio::net::TcpStream;

use super::socket;
use crate::condition::Ending;

/// At most so much is read before closing, in pieces of a stack's size.
const PIECES: usize = 4096;

/// Closes a socket.
///
/// In good order means that the other end sees the end of the stream and no reset: the kernel
/// resets a socket that is closed with octets in it that nobody has read.
pub(crate) fn part(stream: TcpStream, ending: Ending) {
    match ending {
        Ending::Fin => {
            let mut piece = [0; 4096];
            let mut pieces = 0..PIECES;
            // a socket that is gone already needs no end
            let _ = socket::end_stream(&stream);
            while pieces.next().is_some() && matches!(stream.try_read(&mut piece), Ok(1..)) {}
        }
        Ending::Reset => {
            if let Err(error) = stream.set_zero_linger() {
                tracing::warn!(%error, "a connection is closed instead of reset");
            }
        }
    }
}
