//! Events told to `tracing` as they come, for those who look for a fault.

use std::fmt::{self, Debug, Formatter};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::future::join_all;
use tokio::task::{JoinHandle, yield_now};
use tracing::dispatcher::{Dispatch, get_default, with_default};

use super::{TracedDevice, Tracer, TracerError};
use crate::event::{Event, Signal};
use crate::journal::{Follower, Journal, Mark};

/// The target of the `tracing` events about events of devices, for filters.
pub const EVENT_LOG_TARGET: &str = "harness_core::events";

/// How many entries are told before others have their turn.
const PIECE: usize = 64;

type Filter = dyn Fn(&Event) -> bool + Send + Sync;
type Message = dyn Fn(&Event) -> String + Send + Sync;

/// Tells `tracing` the events of some attributes as they come.
///
/// Values are told at level INFO, gaps at WARN, errors and lost subscriptions at ERROR, each once,
/// with the target [`EVENT_LOG_TARGET`] and the fields `device` and `attribute`. The text is that
/// of the event with its device, `low-tmc/subarray/01 obsState EMPTY -> IDLE`, unless
/// [`with_message`](Self::with_message) says otherwise. Several logs do not disturb one another.
///
/// ```
/// use std::sync::Arc;
/// use harness_core::tracer::EventLog;
/// use harness_core::{InMemoryDevice, Tracer};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let subarray = InMemoryDevice::new("low-tmc/subarray/01").with_attribute("obsState", "EMPTY");
/// let traced = Tracer::default().device(Arc::new(subarray.clone()));
///
/// let log = EventLog::new()
///     .of(&traced, ["obsState"])
///     .only(|event| event.change().is_some())
///     .start()
///     .await?;
/// subarray.set("obsState", "IDLE"); // told
/// drop(log); // from here on nothing is
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Default)]
#[must_use = "nothing is logged until it is started"]
pub struct EventLog {
    attributes: Vec<(TracedDevice, String)>,
    filter: Option<Box<Filter>>,
    message: Option<Box<Message>>,
}

impl EventLog {
    /// A log of nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds attributes of a device.
    pub fn of<A: Into<String>>(
        mut self,
        device: impl AsRef<TracedDevice>,
        attributes: impl IntoIterator<Item = A>,
    ) -> Self {
        let device = device.as_ref();
        let attributes = attributes.into_iter();
        self.attributes
            .extend(attributes.map(|attribute| (device.clone(), attribute.into())));
        self
    }

    /// Tells only the events for which `filter` is true. Should it panic, the event is told.
    pub fn only(mut self, filter: impl Fn(&Event) -> bool + Send + Sync + 'static) -> Self {
        self.filter = Some(Box::new(filter));
        self
    }

    /// Sets the text of an event. Should it panic, the event is told in its own words.
    pub fn with_message(
        mut self,
        message: impl Fn(&Event) -> String + Send + Sync + 'static,
    ) -> Self {
        self.message = Some(Box::new(message));
        self
    }

    /// Watches the attributes and tells their events from now on, until the guard is dropped. The
    /// value that an attribute has now is told only if it was not watched before.
    ///
    /// # Errors
    ///
    /// When an attribute can not be watched: the first of those that were asked for.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    pub async fn start(self) -> Result<EventLogGuard, TracerError> {
        // by tracer, since each has a record of its own; nearly always there is one
        let mut tracers: Vec<Tracer> = Vec::new();
        for (device, _) in &self.attributes {
            if !tracers.iter().any(|tracer| tracer.is(device.tracer())) {
                tracers.push(device.tracer().clone());
            }
        }
        let marks: Vec<_> = tracers.iter().map(Tracer::mark).collect();
        let watched = (self.attributes.iter()).map(|(device, attribute)| device.watch(attribute));
        join_all(watched)
            .await
            .into_iter()
            .collect::<Result<(), _>>()?;
        let words = Arc::new(self);
        let tellers = marks
            .iter()
            .map(|mark| Teller::start(Arc::clone(&words), mark))
            .collect();
        Ok(EventLogGuard { tellers })
    }

    fn tell(&self, event: &Event) {
        let is_of =
            |(device, attribute): &(TracedDevice, String)| event.is_from(device.name(), attribute);
        if !self.attributes.iter().any(is_of) {
            return;
        }
        let wanted = self
            .filter
            .as_deref()
            .is_none_or(|filter| catch_unwind(AssertUnwindSafe(|| filter(event))).unwrap_or(true));
        if !wanted {
            return;
        }
        let own = self
            .message
            .as_deref()
            .and_then(|message| catch_unwind(AssertUnwindSafe(|| message(event))).ok());
        let text = own.unwrap_or_else(|| format!("{} {event}", event.device));
        let (device, attribute) = (&*event.device, &*event.attribute);
        match &event.signal {
            Signal::Error(_) | Signal::Lost { .. } => {
                tracing::error!(target: EVENT_LOG_TARGET, %device, %attribute, "{text}");
            }
            Signal::Gap { .. } | Signal::StillLost { .. } => {
                tracing::warn!(target: EVENT_LOG_TARGET, %device, %attribute, "{text}");
            }
            Signal::Initial(_) | Signal::Change(_) | Signal::Back(_) => {
                tracing::info!(target: EVENT_LOG_TARGET, %device, %attribute, "{text}");
            }
        }
    }
}

impl Debug for EventLog {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventLog")
            .field("attributes", &self.attributes.len())
            .finish_non_exhaustive()
    }
}

/// Keeps a log of events going; see [`EventLog::start`]. Dropped, it tells what has come so far and
/// ends.
#[must_use = "dropping it ends the log"]
pub struct EventLogGuard {
    #[expect(dead_code, reason = "held for its Drop")]
    tellers: Vec<Teller>,
}

impl Debug for EventLogGuard {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("EventLogGuard")
    }
}

/// Tells the events of one record.
struct Teller {
    journal: Journal,
    /// What has not been told yet; shared, so that the last of it can be told when all ends.
    rest: Arc<Mutex<Rest>>,
    task: JoinHandle<()>,
}

struct Rest {
    words: Arc<EventLog>,
    follower: Follower,
    /// That of whoever started the log, which the task's thread may not have.
    subscriber: Dispatch,
}

impl Teller {
    /// Tells the events from a mark on.
    fn start(words: Arc<EventLog>, mark: &Mark) -> Self {
        let journal = mark.journal().clone();
        // rings whenever there is something in the other one
        let mut bell = journal.follow(mark);
        let rest = Arc::new(Mutex::new(Rest {
            words,
            follower: journal.follow(mark),
            subscriber: get_default(Dispatch::clone),
        }));
        let shared = Arc::clone(&rest);
        let task = tokio::spawn(async move {
            loop {
                bell.next().await;
                let also_there = (1..PIECE).map_while(|_| bell.try_next()).count();
                lock(&shared).tell(1 + also_there, u64::MAX);
                // in a flood there is always more, but others want to go on, too
                yield_now().await;
            }
        });
        Self {
            journal,
            rest,
            task,
        }
    }
}

impl Rest {
    /// Tells so many of the entries at most, of those below the number `end`.
    fn tell(&mut self, entries: usize, end: u64) {
        let Self {
            words,
            follower,
            subscriber,
        } = self;
        with_default(subscriber, || {
            let rest = std::iter::from_fn(|| follower.try_next_before(end));
            for entry in rest.take(entries) {
                if let Some(event) = entry.event() {
                    words.tell(event);
                }
            }
        });
    }
}

fn lock(rest: &Mutex<Rest>) -> MutexGuard<'_, Rest> {
    // an entry is taken or not, so a panic leaves nothing half done
    rest.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for Teller {
    fn drop(&mut self) {
        self.task.abort();
        // in a flood more come while these are told
        let end = self.journal.next_sequence();
        lock(&self.rest).tell(usize::MAX, end);
    }
}
