//! Asking the record for events, for a test's own logic.

use std::fmt::{self, Debug, Formatter};

use tokio::time::{Instant, timeout_at};

use super::Tracer;
use crate::event::Event;
use crate::journal::Mark;
use crate::timeout::Timeout;

/// Asks for events after a mark: see [`Tracer::events_since`].
#[must_use = "nothing is looked for until `within` is awaited"]
pub struct EventQuery {
    tracer: Tracer,
    mark: Mark,
    device: Option<String>,
    attribute: Option<String>,
    predicates: Vec<Box<dyn Fn(&Event) -> bool + Send + Sync>>,
    wanted: usize,
}

impl Tracer {
    /// The events of all watched attributes after a mark, to be narrowed down. Unlike an assertion
    /// a query never fails: it gives what it found.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use harness_core::{InMemoryDevice, Timeout, Tracer};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
    /// let device = InMemoryDevice::new("low-tmc/subarray/01").with_attribute("obsState", "EMPTY");
    /// let tracer = Tracer::default();
    /// tracer.device(Arc::new(device.clone())).watch("obsState").await?;
    ///
    /// let mark = tracer.mark();
    /// device.set("obsState", "RESOURCING");
    /// device.set("obsState", "IDLE");
    /// let found = tracer
    ///     .events_since(&mark)
    ///     .from("low-tmc/subarray/01")
    ///     .of("obsState")
    ///     .first(2)
    ///     .within(Timeout::seconds(5))
    ///     .await;
    /// let states: Vec<_> = found.iter().map(ToString::to_string).collect();
    /// assert_eq!(states, ["obsState EMPTY -> RESOURCING", "obsState RESOURCING -> IDLE"]);
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// # })?;
    /// # Ok::<_, Box<dyn std::error::Error>>(())
    /// ```
    pub fn events_since(&self, mark: &Mark) -> EventQuery {
        EventQuery {
            tracer: self.clone(),
            mark: mark.clone(),
            device: None,
            attribute: None,
            predicates: Vec::new(),
            wanted: usize::MAX,
        }
    }
}

impl EventQuery {
    /// Only events of that device; its name in any case and form, see
    /// [`plain_name`](crate::device::plain_name).
    pub fn from(mut self, device: &str) -> Self {
        self.device = Some(device.to_owned());
        self
    }

    /// Only events of that attribute; its name in any case.
    pub fn of(mut self, attribute: &str) -> Self {
        self.attribute = Some(attribute.to_owned());
        self
    }

    /// Only changes of value: see [`Event::change`].
    pub fn changes(self) -> Self {
        self.matching(|event| event.change().is_some())
    }

    /// Only events for which the predicate is true; may be given several times. It is shown each
    /// event once, by the task that asks.
    pub fn matching(mut self, predicate: impl Fn(&Event) -> bool + Send + Sync + 'static) -> Self {
        self.predicates.push(Box::new(predicate));
        self
    }

    /// Looks until that many have been found, and not for the whole timeout.
    pub fn first(mut self, events: usize) -> Self {
        self.wanted = events;
        self
    }

    /// The events found, in the order of the record: until there are as many as
    /// [asked for](EventQuery::first), or the timeout ends. With [`Timeout::zero`] those that are
    /// there already. Dropping the future loses nothing: the record can be asked again.
    pub async fn within(&self, timeout: impl Into<Timeout>) -> Vec<Event> {
        let deadline = timeout.into().start();
        let mut entries = self.tracer.follow(&self.mark);
        let mut found = Vec::new();
        while found.len() < self.wanted {
            let entry = match entries.try_next() {
                Some(entry) => entry,
                None if Instant::now() >= deadline => break,
                None => match timeout_at(deadline, entries.next()).await {
                    Ok(entry) => entry,
                    Err(_) => break,
                },
            };
            if entry.instant > deadline {
                break;
            }
            found.extend(
                entry
                    .event()
                    .filter(|event| self.is_asked_for(event))
                    .cloned(),
            );
        }
        found
    }

    fn is_asked_for(&self, event: &Event) -> bool {
        let device = self.device.as_deref().unwrap_or(&event.device);
        let attribute = self.attribute.as_deref().unwrap_or(&event.attribute);
        event.is_from(device, attribute) && self.predicates.iter().all(|predicate| predicate(event))
    }
}

impl Debug for EventQuery {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventQuery")
            .field("mark", &self.mark)
            .field("device", &self.device)
            .field("attribute", &self.attribute)
            .finish_non_exhaustive()
    }
}
