//! Takes in the clients of a server.

use std::{sync::Arc, time::Duration};

use tokio::{net::TcpListener, task::JoinSet};

use super::connection::{Shared, serve};

/// After a failed accept (out of file descriptors, say) there is no use in trying at once.
const PAUSE: Duration = Duration::from_millis(50);

/// Accepts for ever; the connections end with this future.
pub(super) async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => match shared.guests.arrive(peer.ip().to_canonical()) {
                    Some(place) => {
                        connections.spawn(serve(stream, peer, place, Arc::clone(&shared)));
                    }
                    None => tracing::warn!(%peer, "too many busy clients: one was turned away"),
                },
                Err(error) => {
                    // if it is for want of file descriptors, one that leaves gives some back
                    let room = shared.guests.make_room();
                    tracing::warn!(%error, room, "could not accept a client");
                    tokio::time::sleep(PAUSE).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
}
