//! One watched attribute: its last value, and the sink its events come in through.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::device::{EventSink, Reading};
use crate::event::{Event, Signal};
use crate::journal::{Entry, Journal};
use crate::value::Value;

/// What is known of an attribute, shared by the tracer and the sink.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) device: Arc<str>,
    /// As it was first asked for.
    pub(super) name: Arc<str>,
    latest: Mutex<Latest>,
}

/// Entries of the record rather than copies of their values: those of lists are long.
#[derive(Debug, Default)]
struct Latest {
    /// The last entry with a reading.
    reading: Option<Entry>,
    /// The last one with a value; a device that gives none for a while does not change it.
    value: Option<Entry>,
    /// Why nothing is heard, from the loss of the subscription until it says something again.
    lost: Option<String>,
    /// Whether values may have been missed since the last one.
    missed: bool,
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
        let entry = self.lock().reading.clone();
        reading_in(&entry).cloned()
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
            Signal::Gap { .. } => latest.missed = true,
            _ => latest.lost = None,
        }
        let previous = latest.before(&signal);
        let is_value = signal.reading().map(|reading| !reading.value.is_void());
        let (device, name) = (Arc::clone(&self.device), Arc::clone(&self.name));
        let entry = journal.append_event(Event::new(device, name, signal, previous));
        match is_value {
            Some(true) => {
                latest.missed = false;
                latest.value = Some(entry.clone());
                latest.reading = Some(entry);
            }
            Some(false) => latest.reading = Some(entry),
            None => {}
        }
    }

    fn lock(&self) -> MutexGuard<'_, Latest> {
        self.latest.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn reading_in(entry: &Option<Entry>) -> Option<&Reading> {
    entry.as_ref()?.event()?.reading()
}

impl Latest {
    /// The last value known before a signal. A value that is pushed after a gap was another one before,
    /// also if it is the last one known: which one was missed.
    fn before(&self, signal: &Signal) -> Option<Value> {
        let last = &reading_in(&self.value)?.value;
        match signal {
            Signal::Change(reading) if self.missed && reading.value == *last => None,
            _ => Some(last.clone()),
        }
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
