//! What the suite looks at: a subarray at rest, and the way to it.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use harness_core::device::Subscription;
use harness_core::{Device, Signal, Value};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::difference::Difference;

/// Far longer than anything takes; only a check that fails waits for it.
const PATIENCE: Duration = Duration::from_secs(10);

/// A way to a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    InProcess,
    Wire,
    TangoRs,
}

/// A subarray in EMPTY and ONLINE, without commands under way.
pub(crate) struct Subject {
    pub(crate) backend: Backend,
    pub(crate) name: &'static str,
    pub(crate) device: Arc<dyn Device>,
    /// Another one, or the same, with what is told in `instrument.rs`.
    pub(crate) instrument: Arc<dyn Device>,
    /// How many calls to the instrument went through cppTango; `None` if none can.
    pub(crate) through_cpp_tango: Box<dyn Fn() -> Option<u64>>,
    /// What has to be there as long as the device.
    pub(crate) _kept: Box<dyn Any>,
}

impl Subject {
    pub(crate) fn differs_in(&self, difference: Difference) -> bool {
        difference.is_of(self.backend)
    }

    /// Fails if a number of calls to the instrument, by tango-rs, went round cppTango.
    pub(crate) fn counted(&self, before: Option<u64>, calls: u64) {
        let now = (self.through_cpp_tango)();
        assert_eq!(now.is_some(), self.backend == Backend::TangoRs);
        assert_eq!(now, before.map(|before| before + calls));
    }

    /// Takes the subarray to IDLE, and gives what the command replied.
    pub(crate) async fn assign(&self) -> Value {
        let mut watched = self.watch("obsState").await;
        let reply = self.device.command("AssignResources", "{}".into());
        let reply = reply.await.unwrap();
        watched.until("IDLE").await;
        reply
    }

    pub(crate) async fn watch(&self, attribute: &str) -> Watched {
        let (sender, signals) = unbounded_channel();
        // who watches no longer wants no more
        let sink = Arc::new(move |signal: Signal| drop(sender.send(signal)));
        let subscription = self.device.subscribe(attribute, sink).await.unwrap();
        Watched {
            subscription: Some(subscription),
            signals,
        }
    }
}

/// What a subscription tells.
pub(crate) struct Watched {
    pub(crate) subscription: Option<Subscription>,
    pub(crate) signals: UnboundedReceiver<Signal>,
}

impl Watched {
    pub(crate) async fn next(&mut self) -> Signal {
        let next = tokio::time::timeout(PATIENCE, self.signals.recv());
        next.await.expect("a signal in time").unwrap()
    }

    /// All words of changes up to and with this one.
    pub(crate) async fn until(&mut self, last: &str) -> Vec<String> {
        let mut words = Vec::new();
        loop {
            if let Signal::Change(reading) = self.next().await {
                words.push(reading.value.to_string());
                if words.last().is_some_and(|word| word == last) {
                    return words;
                }
            }
        }
    }
}
