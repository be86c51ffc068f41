//! What happens to a connection that has arrived.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpStream;

use super::board::Board;
use crate::condition::Ending;
use crate::connection::{self, ConnectionIdentity};

/// Connects upstream, and then passes on what comes, until the connection ends.
///
/// When nobody can be reached upstream, the client is reset: that is as near as can be to being refused,
/// once the connection has been accepted.
pub(super) async fn serve(
    board: Arc<Board>,
    client: TcpStream,
    identity: ConnectionIdentity,
    upstream: Arc<[SocketAddr]>,
) {
    let stream = match TcpStream::connect(&*upstream).await {
        Ok(stream) => stream,
        Err(error) => {
            tracing::debug!(%identity, %error, "nobody is reached upstream");
            board.fails();
            connection::part(client, Ending::Reset);
            return;
        }
    };
    for socket in [&client, &stream] {
        if let Err(error) = socket.set_nodelay(true) {
            tracing::debug!(%identity, %error, "small pieces may be put together");
        }
    }
    let Some(course) = board.opens(identity) else {
        return;
    };
    let closed = connection::run(client, stream, course).await;
    board.ends(identity, closed);
    tracing::debug!(%identity, %closed, "a connection has ended");
}
