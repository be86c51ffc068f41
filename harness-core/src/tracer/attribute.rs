//! One watched attribute: its last value, and the sink its events come in through.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::device::{EventSink, Reading};
use crate::event::{Event, Signal};
use crate::journal::Journal;
use crate::value::Value;

/// What is known of an attribute, shared by the tracer and the sink.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) device: Arc<str>,
    /// As it was first asked for.
    pub(super) name: Arc<str>,
    latest: Mutex<Latest>,
}

#[derive(Debug, Default)]
struct Latest {
    reading: Option<Reading>,
    /// The last value; a device that gives none for a while does not change it.
    value: Option<Value>,
    /// Why nothing is heard, from the loss of the subscription until it says something again.
    lost: Option<String>,
}

impl Attribute {
    pub(super) fn new(device: Arc<str>, name: Arc<str>) -> Self {
        Self {
            device,
            name,
            latest: Mutex::default(),
        }
    }

    pub(super) fn latest(&self) -> Option<Reading> {
        self.lock().reading.clone()
    }

    pub(super) fn lost(&self) -> Option<String> {
        self.lock().lost.clone()
    }

    /// Appends a signal to the record, with the value before it.
    fn record(&self, signal: Signal, journal: &Journal) {
        // held until it is appended, so that previous values follow the order of the record
        let mut latest = self.lock();
        match &signal {
            Signal::Lost { reason } | Signal::StillLost { reason, .. } => {
                latest.lost = Some(reason.clone())
            }
            // a gap is told before the value that ends it
            Signal::Gap { .. } => {}
            _ => latest.lost = None,
        }
        let previous = latest.value.clone();
        if let Some(reading) = signal.reading() {
            latest.reading = Some(reading.clone());
            if !reading.value.is_void() {
                latest.value = Some(reading.value.clone());
            }
        }
        let (device, name) = (Arc::clone(&self.device), Arc::clone(&self.name));
        journal.append_event(Event::new(device, name, signal, previous));
    }

    fn lock(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where one subscription delivers. It knows nothing of the tracer, so that a device that holds
/// on to a sink keeps no subscription alive.
#[derive(Debug)]
pub(super) struct Recorder {
    attribute: Arc<Attribute>,
    journal: Journal,
    /// Set when the attempt to subscribe failed or was given up, or when the subscription has ended:
    /// what it still delivers is stale.
    retired: AtomicBool,
}

impl Recorder {
    pub(super) fn new(attribute: Arc<Attribute>, journal: Journal) -> Arc<Self> {
        Arc::new(Self {
            attribute,
            journal,
            retired: AtomicBool::new(false),
        })
    }
}

impl EventSink for Recorder {
    fn deliver(&self, signal: Signal) {
        if !self.retired.load(Ordering::Acquire) {
            self.attribute.record(signal, &self.journal);
        }
    }
}

/// Retires a recorder when dropped: with the attempt to subscribe, or with the subscription.
pub(super) struct InService(Arc<Recorder>);

impl InService {
    pub(super) fn new(recorder: Arc<Recorder>) -> Self {
        Self(recorder)
    }
}

impl Drop for InService {
    fn drop(&mut self) {
        self.0.retired.store(true, Ordering::Release);
    }
}
