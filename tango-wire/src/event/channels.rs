//! All event connections of a client.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};

use tokio::time::Instant;

use super::{
    EventOptions, SubscribeError, SubscriptionPoint, channel::EventChannel, point::Endpoints,
};

/// The event connections of a client, one for each server; cheap to clone.
#[derive(Debug, Clone, Default)]
pub(crate) struct EventChannels {
    options: EventOptions,
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
    pub(crate) fn new(options: EventOptions) -> Self {
        Self {
            options,
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
        for endpoints in &point.endpoints {
            match self.open_one(endpoints, &point.heartbeat_topic).await {
                Ok(channel) => return Ok(channel),
                Err(error) => {
                    first_error.get_or_insert(error);
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
        let connecting = EventChannel::connect(endpoints, heartbeat_topic, patience);
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
