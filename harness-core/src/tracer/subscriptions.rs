//! The tracer: one subscription per attribute, for as long as the tracer lives.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{self, Debug, Formatter};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{Shared, WeakShared};
use tokio::time::timeout_at;

use super::attribute::{Attribute, InService, Recorder};
use super::{Change, ProgressObserver, TracedDevice, TracerError};
use crate::device::{BoxFuture, Device, Reading, Subscription, plain_name};
use crate::journal::{Follower, Journal, Mark};
use crate::timeout::Timeout;

/// Subscribes once per (device, attribute) for its whole life, and records what comes.
///
/// Clones are the same tracer; when the last one is dropped the subscriptions end. Names of
/// devices and attributes are the same in any case. Actions come and go, the tracer stays: a
/// [`Mark`] separates what happened before an action from what happened after.
///
/// ```
/// use std::sync::Arc;
/// use harness_core::{InMemoryDevice, Tracer};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let subarray = InMemoryDevice::new("low-tmc/subarray/01").with_attribute("obsState", "EMPTY");
/// let tracer = Tracer::default();
/// let traced = tracer.device(Arc::new(subarray.clone()));
/// traced.watch("obsState").await?;
///
/// let mark = tracer.mark();
/// subarray.set("obsState", "IDLE");
/// let changes = tracer.changes_since(&mark, "low-tmc/subarray/01", "obsstate");
/// assert_eq!(changes[0].previous, Some("EMPTY".into()));
/// assert_eq!(changes[0].reading.value, "IDLE".into());
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Tracer {
    inner: Arc<Inner>,
}

struct Inner {
    journal: Journal,
    watched: Mutex<Watched>,
    progress: Mutex<Option<Arc<dyn ProgressObserver>>>,
}

/// By device, then by attribute, both in lower case.
type Watched = HashMap<Arc<str>, HashMap<Box<str>, Arc<Slot>>>;

/// The place of one attribute's subscription.
struct Slot {
    attribute: Arc<Attribute>,
    subscription: Mutex<SubscriptionState>,
    /// The device has said that it pushes no such events, and never will.
    is_refused: AtomicBool,
}

/// How long a lost subscription is waited for; a server that restarts is back within it.
const PATIENCE_WITH_LOST: Duration = Duration::from_secs(5);

type Asking = BoxFuture<'static, Result<(), TracerError>>;

enum SubscriptionState {
    None,
    /// Somebody is asking; others may join. Weak, so that it ends when all have given up.
    Asking(WeakShared<Asking>),
    Live(#[expect(dead_code, reason = "held for its Drop")] Live),
}

/// A subscription that is alive. The recorder retires first: some devices go on delivering.
#[expect(dead_code, reason = "held for their Drop, in this order")]
struct Live(InService, Subscription);

impl Tracer {
    /// A tracer that records in that journal and watches nothing yet.
    pub fn new(journal: Journal) -> Self {
        Self {
            inner: Arc::new(Inner {
                journal,
                watched: Mutex::default(),
                progress: Mutex::default(),
            }),
        }
    }

    /// Reports long waits to that observer, about once a second; to `tracing` they are told in any
    /// case. Holds for all clones.
    #[must_use]
    pub fn with_progress(self, observer: impl ProgressObserver + 'static) -> Self {
        *lock(&self.inner.progress) = Some(Arc::new(observer));
        self
    }

    /// The record.
    pub fn journal(&self) -> &Journal {
        &self.inner.journal
    }

    /// Whether the other one is a clone of this.
    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
    }

    /// The device together with this tracer.
    pub fn device(&self, device: Arc<dyn Device>) -> TracedDevice {
        TracedDevice::new(device, self.clone())
    }

    /// Watches an attribute from now on; returns at once when it is watched already, unless its
    /// subscription is lost: then it waits up to 5 s for it to be back. What an attribute did while
    /// nobody could hear it must not be taken for a consequence of what is done next.
    ///
    /// Many may ask at the same time: the device is asked once and all get the answer. After a
    /// failure the next one to ask tries again.
    ///
    /// # Errors
    ///
    /// When the device refuses the subscription or can not be reached.
    pub async fn watch(
        &self,
        device: &Arc<dyn Device>,
        attribute: &str,
    ) -> Result<(), TracerError> {
        let slot = self.slot(device.name(), attribute);
        let asking = {
            let mut state = lock(&slot.subscription);
            let joined = match &*state {
                SubscriptionState::Live(_) => None,
                SubscriptionState::Asking(asking) => Some(asking.upgrade()),
                SubscriptionState::None => Some(None),
            };
            match joined {
                None => None,
                Some(Some(asking)) => Some(asking),
                Some(None) => {
                    let asking = self.ask(device, &slot);
                    if let Some(weak) = asking.downgrade() {
                        *state = SubscriptionState::Asking(weak);
                    }
                    Some(asking)
                }
            }
        };
        match asking {
            Some(asking) => {
                let action = format!("watch {attribute} of {}", device.name());
                let awaited = || vec![format!("{} {attribute} to be watched", device.name())];
                self.while_waiting(&action, None, awaited, asking).await
            }
            None => {
                self.hear_again(&slot.attribute).await;
                Ok(())
            }
        }
    }

    /// Watches an attribute if the device pushes events for it: `true` when it is watched now, and
    /// `false` when the device refuses, since it has no such attribute or pushes no events.
    ///
    /// For what only some devices have. That an attribute does not exist or pushes no events is
    /// remembered and the device not asked again, until [`Tracer::watch`] asks it and succeeds.
    /// Any other refusal, such as of a device that is still starting, is not remembered: the next
    /// call asks again.
    ///
    /// # Errors
    ///
    /// When the device can not be reached or does not answer; that is not remembered.
    pub async fn watch_if_pushed(
        &self,
        device: &Arc<dyn Device>,
        attribute: &str,
    ) -> Result<bool, TracerError> {
        let slot = self.slot(device.name(), attribute);
        if slot.is_refused.load(Ordering::Relaxed) {
            return Ok(false);
        }
        match self.watch(device, attribute).await {
            Ok(()) => Ok(true),
            Err(error) if error.is_refusal() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Waits until a lost subscription is back, but not for ever: a wait that follows tells why it
    /// hears nothing.
    async fn hear_again(&self, attribute: &Attribute) {
        let mark = self.mark();
        if attribute.lost().is_none() {
            return;
        }
        let mut entries = self.follow(&mark);
        let back = async {
            while attribute.lost().is_some() {
                entries.next().await;
            }
        };
        let (device, name) = (&attribute.device, &attribute.name);
        let action = format!("watch {name} of {device}");
        let awaited = || vec![format!("{device} {name} to be heard of again")];
        let patience = Timeout::new(PATIENCE_WITH_LOST);
        let waiting = timeout_at(patience.start(), back);
        // the answer is the attribute's own: see `Tracer::lost`
        let _ = self
            .while_waiting(&action, Some(&patience), awaited, waiting)
            .await;
    }

    /// The attempt to subscribe, to be shared by all who ask meanwhile.
    fn ask(&self, device: &Arc<dyn Device>, slot: &Arc<Slot>) -> Shared<Asking> {
        let (device, slot) = (Arc::clone(device), Arc::clone(slot));
        let recorder = Recorder::new(Arc::clone(&slot.attribute), self.inner.journal.clone());
        let asking: Asking = Box::pin(async move {
            let in_service = InService::new(Arc::clone(&recorder));
            let name = Arc::clone(&slot.attribute.name);
            match device.subscribe(&name, recorder).await {
                Ok(subscription) => {
                    let live = Live(in_service, subscription);
                    *lock(&slot.subscription) = SubscriptionState::Live(live);
                    slot.is_refused.store(false, Ordering::Relaxed);
                    Ok(())
                }
                Err(source) => {
                    *lock(&slot.subscription) = SubscriptionState::None;
                    let error = TracerError {
                        device: device.name().to_owned(),
                        attribute: name.to_string(),
                        source,
                    };
                    slot.is_refused
                        .store(error.is_lasting_refusal(), Ordering::Relaxed);
                    Err(error)
                }
            }
        });
        asking.shared()
    }

    /// The present end of the record: see [`Journal::mark`].
    pub fn mark(&self) -> Mark {
        self.inner.journal.mark()
    }

    /// Reads on from a mark: see [`Journal::follow`].
    pub fn follow(&self, mark: &Mark) -> Follower {
        self.inner.journal.follow(mark)
    }

    /// The last value an event told of a watched attribute; the device is not asked. The device's
    /// name may be written in any case and form, see [`plain_name`].
    pub fn latest(&self, device: &str, attribute: &str) -> Option<Reading> {
        self.attribute(device, attribute)?.latest()
    }

    /// The attributes of a device that are watched, as they were first asked for, in no order.
    pub fn watched(&self, device: &str) -> Vec<Arc<str>> {
        let watched = lock(&self.inner.watched);
        let attributes = watched
            .get(&*lower(device))
            .or_else(|| watched.get(&*lower(plain_name(device))));
        let slots = attributes.into_iter().flat_map(HashMap::values);
        slots.map(|slot| Arc::clone(&slot.attribute.name)).collect()
    }

    /// Why nothing is heard of a watched attribute at present, if its subscription is lost.
    pub fn lost(&self, device: &str, attribute: &str) -> Option<String> {
        self.attribute(device, attribute)?.lost()
    }

    fn attribute(&self, device: &str, attribute: &str) -> Option<Arc<Attribute>> {
        let watched = lock(&self.inner.watched);
        let attributes = watched
            .get(&*lower(device))
            .or_else(|| watched.get(&*lower(plain_name(device))))?;
        let slot = attributes.get(&*lower(attribute))?;
        Some(Arc::clone(&slot.attribute))
    }

    /// The changes of a watched attribute after a mark, in order.
    pub fn changes_since(&self, mark: &Mark, device: &str, attribute: &str) -> Vec<Change> {
        let entries = self.inner.journal.since(mark);
        let from_it = entries.iter().filter(|entry| {
            entry
                .event()
                .is_some_and(|event| event.is_from(device, attribute))
        });
        from_it.filter_map(Change::from_entry).collect()
    }

    /// Who is told about long waits.
    pub(super) fn progress(&self) -> Option<Arc<dyn ProgressObserver>> {
        lock(&self.inner.progress).clone()
    }

    fn slot(&self, device: &str, attribute: &str) -> Arc<Slot> {
        let mut watched = lock(&self.inner.watched);
        let device = lower(device);
        let key = lower(attribute);
        if let Some(slot) = watched
            .get(&*device)
            .and_then(|attributes| attributes.get(&*key))
        {
            return Arc::clone(slot);
        }
        let device: Arc<str> = device.into();
        let slot = Arc::new(Slot {
            attribute: Arc::new(Attribute::new(Arc::clone(&device), attribute.into())),
            subscription: Mutex::new(SubscriptionState::None),
            is_refused: AtomicBool::new(false),
        });
        watched
            .entry(device)
            .or_default()
            .insert(key.into(), Arc::clone(&slot));
        slot
    }
}

/// Names are compared in lower case; most are already.
fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    // each critical section is a single read or write, so a panic leaves nothing half done
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Default for Tracer {
    /// A tracer with a journal of its own.
    fn default() -> Self {
        Self::new(Journal::new())
    }
}

impl Debug for Tracer {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let watched: usize = lock(&self.inner.watched).values().map(HashMap::len).sum();
        f.debug_struct("Tracer")
            .field("attributes", &watched)
            .field("journal", &self.inner.journal)
            .finish_non_exhaustive()
    }
}
