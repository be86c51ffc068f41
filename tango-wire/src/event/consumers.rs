use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use super::consumer::Consumer;
use super::source::EventSource;
use crate::zmtp::ZmtpError;

/// The consumers of a client, one for each server process that it follows events of.
#[derive(Debug, Default)]
pub(crate) struct Consumers {
    by_endpoint: Mutex<HashMap<String, Arc<Slot>>>,
}

/// A place for one consumer, locked while it is being connected.
type Slot = tokio::sync::Mutex<Weak<Consumer>>;

impl Consumers {
    /// The consumer for that server, connected now if there is none yet.
    pub(super) async fn get(
        &self,
        source: &EventSource,
        limit: Duration,
    ) -> Result<Arc<Consumer>, ZmtpError> {
        let slot = self.slot(source.endpoint());
        let mut consumer = slot.lock().await;
        if let Some(consumer) = consumer.upgrade().filter(|consumer| consumer.is_alive()) {
            return Ok(consumer);
        }
        let connected = Consumer::connect(source, limit).await?;
        *consumer = Arc::downgrade(&connected);
        Ok(connected)
    }

    fn slot(&self, endpoint: &str) -> Arc<Slot> {
        let mut slots = self
            .by_endpoint
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(endpoint) {
            return Arc::clone(slot);
        }
        // a restarted server has new endpoints: forget those whose consumer is gone
        slots.retain(|_, slot| {
            let idle = slot
                .try_lock()
                .is_ok_and(|consumer| consumer.strong_count() == 0);
            !idle || Arc::strong_count(slot) > 1
        });
        let slot = Arc::new(Slot::new(Weak::new()));
        slots.insert(endpoint.to_owned(), Arc::clone(&slot));
        slot
    }
}
