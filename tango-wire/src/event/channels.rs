//! All event connections of a client.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
    time::Duration,
};

use tokio::time::{Instant, timeout_at};

use super::{
    EventOptions, SubscribeError, SubscriptionPoint, channel::EventChannel, point::Endpoints,
};
use crate::{client::Directions, zmtp::ZmtpError};

/// How long all addresses of a server are tried, one after another.
const CONNECTING_TIME: Duration = Duration::from_secs(10);

/// The event connections of a client, one for each server; cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct EventChannels {
    options: EventOptions,
    directions: Directions,
    slots: Arc<Mutex<HashMap<Endpoints, Slot>>>,
}

/// Behind a lock that is held while connecting: who asks meanwhile waits for the same connection,
/// so that two subscriptions to a server never end up on two connections.
type Slot = Arc<tokio::sync::Mutex<Last>>;

/// What the last attempt to connect to a server came to.
#[derive(Debug, Default)]
struct Last {
    channel: Weak<EventChannel>,
    /// When it failed, if it did, and how: for those who waited for it.
    failed: Option<(Instant, SubscribeError)>,
}

impl EventChannels {
    pub(crate) fn new(options: EventOptions, directions: Directions) -> Self {
        Self {
            options,
            directions,
            slots: Arc::default(),
        }
    }

    pub(crate) fn options(&self) -> &EventOptions {
        &self.options
    }

    /// The connection to the server of that point: the one there is, or a new one to the first of
    /// the server's addresses that can be reached.
    pub(super) async fn open(
        &self,
        point: &SubscriptionPoint,
    ) -> Result<Arc<EventChannel>, SubscribeError> {
        let mut first_error = None;
        let end = Instant::now() + CONNECTING_TIME;
        for endpoints in &point.endpoints {
            match timeout_at(end, self.open_one(endpoints, &point.heartbeat_topic)).await {
                Ok(Ok(channel)) => return Ok(channel),
                Ok(Err(error)) => {
                    first_error.get_or_insert(error);
                }
                Err(_) => {
                    first_error.get_or_insert_with(|| no_answer(endpoints));
                    break;
                }
            }
        }
        Err(first_error.unwrap_or(SubscribeError::Reply("it names no endpoints")))
    }

    async fn open_one(
        &self,
        endpoints: &Endpoints,
        heartbeat_topic: &[u8],
    ) -> Result<Arc<EventChannel>, SubscribeError> {
        let slot = {
            let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
            // servers come and go, each time at other ports: drop what nobody uses any more
            slots.retain(|_, slot| {
                Arc::strong_count(slot) > 1
                    || slot
                        .try_lock()
                        .map_or(true, |last| last.channel.strong_count() > 0)
            });
            Arc::clone(slots.entry(endpoints.clone()).or_default())
        };
        let asked = Instant::now();
        let mut last = slot.lock().await;
        if let Some(live) = last.channel.upgrade().filter(|channel| channel.is_live()) {
            return Ok(live);
        }
        if let Some((_, error)) = last.failed.as_ref().filter(|(at, _)| *at > asked) {
            return Err(error.again());
        }
        let patience = self.options.heartbeat_timeout;
        let connecting =
            EventChannel::connect(&self.directions, endpoints, heartbeat_topic, patience);
        let connected = match connecting.await {
            Ok(connected) => Arc::new(connected),
            Err(error) => {
                last.failed = Some((Instant::now(), error.again()));
                return Err(error);
            }
        };
        last.channel = Arc::downgrade(&connected);
        Ok(connected)
    }
}

fn no_answer(endpoints: &Endpoints) -> SubscribeError {
    SubscribeError::Connect {
        endpoint: endpoints.events.clone(),
        source: ZmtpError::HandshakeTimedOut(CONNECTING_TIME),
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpListener;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_addresses_of_a_server_are_not_tried_for_ever() {
        // connections wait in the backlog, and nobody says a word
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = silent.local_addr().unwrap().to_string();
        let point = SubscriptionPoint {
            endpoints: vec![
                Endpoints {
                    heartbeats: place.clone(),
                    events: place,
                };
                16
            ],
            topic: b"t".to_vec(),
            heartbeat_topic: b"h".to_vec(),
        };
        let begin = Instant::now();
        let error = EventChannels::default().open(&point).await.unwrap_err();
        assert!(matches!(error, SubscribeError::Connect { .. }), "{error}");
        let lasting = begin.elapsed();
        assert!(
            lasting <= CONNECTING_TIME + Duration::from_millis(10),
            "{lasting:?}"
        );
        assert!(lasting >= CONNECTING_TIME / 2, "{lasting:?}");
    }
}
