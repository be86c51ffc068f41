//! Takes in the clients of a server.

use std::{sync::Arc, time::Duration};

use tokio::{net::TcpListener, task::JoinSet};

use super::connection::{Shared, serve};

/// Clients at the same time; more are turned away.
const CONNECTIONS: usize = 4096;
/// After a failed accept (out of file descriptors, say) there is no use in trying at once.
const PAUSE: Duration = Duration::from_millis(50);

/// Accepts for ever; the connections end with this future.
pub(super) async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) if connections.len() < CONNECTIONS => {
                    connections.spawn(serve(stream, peer, Arc::clone(&shared)));
                }
                Ok((_, peer)) => tracing::warn!(%peer, "too many clients: turned away"),
                Err(error) => {
                    tracing::warn!(%error, "could not accept a client");
                    tokio::time::sleep(PAUSE).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}
