//! Asking the record for events, for a test's own logic.

use std::fmt::{self, Debug, Formatter};

use tokio::task::yield_now;
use tokio::time::{Instant, timeout_at};

use super::Tracer;
use crate::event::Event;
use crate::journal::Mark;
use crate::timeout::Timeout;

/// How many entries are looked at before others have their turn.
const PIECE: usize = 64;

/// Asks for events after a mark: see [`Tracer::events_since`].
#[must_use = "nothing is looked for until `within` is awaited"]
pub struct EventQuery {
    tracer: Tracer,
    mark: Mark,
    device: Option<String>,
    attribute: Option<String>,
    predicates: Vec<Box<Predicate>>,
    wanted: usize,
}

type Predicate = dyn Fn(&Event) -> bool + Send + Sync;

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
        let mut looked_at = 0_usize;
        while found.len() < self.wanted {
            looked_at += 1;
            if looked_at.is_multiple_of(PIECE) {
                yield_now().await;
            }
            let entry = match entries.try_next() {
                Some(entry) => entry,
                None if Instant::now() >= deadline => break,
                None => match timeout_at(deadline, entries.next()).await {
                    Ok(entry) => entry,
                    // the thread that appended one may not have woken us yet
                    Err(_) => match entries.try_next() {
                        Some(entry) => entry,
                        None => break,
                    },
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::{InMemoryDevice, Reading, Signal};

    async fn bench() -> (InMemoryDevice, InMemoryDevice, Tracer) {
        let device = |name| InMemoryDevice::new(name).with_attribute("obsState", "EMPTY");
        let (one, other) = (device("t/subarray/01"), device("t/subarray/02"));
        let tracer = Tracer::default();
        for device in [&one, &other] {
            let traced = tracer.device(Arc::new(device.clone()));
            traced.watch("obsState").await.unwrap();
        }
        (one, other, tracer)
    }

    fn values(events: &[Event]) -> Vec<String> {
        let readings = events.iter().filter_map(Event::reading);
        readings.map(ToString::to_string).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn all_that_is_found_by_the_timeout_is_given_in_order() {
        let (one, other, tracer) = bench().await;
        one.set("obsState", "BEFORE");
        let mark = tracer.mark();
        one.set("obsState", "IDLE");
        other.set("obsState", "OTHER");
        let late = one.clone();
        tokio::spawn(async move {
            for value in ["READY", "TOO LATE"] {
                tokio::time::sleep(Duration::from_secs(2)).await;
                late.set("obsState", value);
            }
        });
        let query = tracer
            .events_since(&mark)
            .from("tango://host:10000/T/Subarray/01#dbase=no")
            .of("OBSSTATE");
        let none: Vec<String> = values(&query.within(Timeout::zero()).await);
        assert_eq!(none, ["IDLE"]);
        let started = Instant::now();
        // too few are no failure
        let query = query.first(9);
        assert_eq!(
            values(&query.within(Timeout::seconds(3)).await),
            ["IDLE", "READY"]
        );
        assert_eq!(started.elapsed(), Duration::from_secs(3));
    }

    #[tokio::test(start_paused = true)]
    async fn it_ends_when_there_are_enough() {
        let (one, other, tracer) = bench().await;
        let mark = tracer.mark();
        one.push("obsState", Signal::Back(Reading::new("EMPTY")));
        for value in ["IDLE", "IDLE", "READY"] {
            one.set("obsState", value);
            other.set("obsState", value);
        }
        let started = Instant::now();
        let changes = tracer.events_since(&mark).changes();
        let found = changes.first(3).within(Timeout::seconds(9)).await;
        assert_eq!(values(&found), ["IDLE", "IDLE", "READY"]);
        let ready = tracer.events_since(&mark).matching(|event| {
            event
                .reading()
                .is_some_and(|reading| reading.value == "READY".into())
        });
        assert_eq!(ready.first(2).within(Timeout::seconds(9)).await.len(), 2);
        assert!(
            tracer
                .events_since(&mark)
                .first(0)
                .within(Timeout::seconds(9))
                .await
                .is_empty()
        );
        assert_eq!(started.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn what_came_after_the_deadline_is_not_given_even_if_it_is_there_when_looking() {
        let (one, _other, tracer) = bench().await;
        let mark = tracer.mark();
        let timeout = Timeout::seconds(1);
        timeout.start();
        tokio::time::advance(Duration::from_secs(2)).await;
        one.set("obsState", "IDLE");
        assert!(tracer.events_since(&mark).within(timeout).await.is_empty());
    }

    #[tokio::test]
    async fn the_latest_value_is_known_by_any_form_of_the_name() {
        let (_one, _other, tracer) = bench().await;
        for name in ["T/SUBARRAY/01", "tango://host:10000/t/subarray/01#dbase=no"] {
            assert!(tracer.latest(name, "ObsState").is_some(), "{name}");
        }
        assert!(tracer.latest("t/subarray/03", "obsState").is_none());
    }
}
