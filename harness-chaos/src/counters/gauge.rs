//! What passes through a gate, and waiting for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use tokio::sync::Notify;

use super::{Flow, FlowCounts};

/// What passes through a gate in one direction, all connections together.
#[derive(Debug, Default)]
pub(crate) struct Gauge {
    flow: Flow,
    waiting: AtomicUsize,
    news: Notify,
}

/// Says that somebody waits, for as long as it lives.
struct Waiting<'a>(&'a AtomicUsize);

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

impl Gauge {
    pub(crate) fn counts(&self) -> FlowCounts {
        self.flow.counts()
    }

    /// Waits until this holds of what has passed.
    pub(crate) async fn until(&self, enough: impl Fn(FlowCounts) -> bool) {
        self.waiting.fetch_add(1, SeqCst);
        let _waiting = Waiting(&self.waiting);
        loop {
            let mut news = std::pin::pin!(self.news.notified());
            news.as_mut().enable();
            if enough(self.counts()) {
                return;
            }
            news.await;
        }
    }

    fn tell(&self) {
        // costs a look as long as nobody waits
        if self.waiting.load(SeqCst) > 0 {
            self.news.notify_waiters();
        }
    }
}

/// Counts what passes on one connection in one direction, for that connection and for its gate.
#[derive(Debug)]
pub(crate) struct Meter {
    pub(crate) connection: Arc<Flow>,
    pub(crate) gate: Arc<Gauge>,
}

impl Meter {
    pub(crate) fn received(&self, octets: usize) {
        self.connection.received(octets as u64);
        self.gate.flow.received(octets as u64);
    }

    pub(crate) fn sent(&self, octets: usize) {
        self.connection.sent(octets as u64);
        self.gate.flow.sent(octets as u64);
        self.gate.tell();
    }

    pub(crate) fn swallowed(&self, octets: u64) {
        if octets > 0 {
            self.connection.swallowed(octets);
            self.gate.flow.swallowed(octets);
            self.gate.tell();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_for_octets_is_woken_by_them() {
        let gate = Arc::new(Gauge::default());
        let meter = Meter {
            connection: Arc::default(),
            gate: Arc::clone(&gate),
        };
        meter.received(12);
        meter.sent(5);
        let waiting = tokio::spawn({
            let gate = Arc::clone(&gate);
            async move { gate.until(|counts| counts.sent >= 10).await }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        meter.sent(5);
        meter.swallowed(2);
        waiting.await.unwrap();
        let counts = gate.counts();
        assert_eq!(
            counts.to_string(),
            "12 octets in 1 chunk, 10 passed on, 2 swallowed"
        );
        assert_eq!(counts, meter.connection.counts());
        assert_eq!(gate.waiting.load(SeqCst), 0);
    }
}
