//! An attribute passes through several values, in order.

use std::sync::Arc;

use super::behind::Behind;
use super::change_tracking::leaves_doubt;
use super::matcher::MatcherPanic;
use super::subject::{Subject, Verdict, watch_all};
use super::{Assertion, Matcher, Watch, WatchEnd};
use crate::device::BoxFuture;
use crate::event::Event;
use crate::failure::{Clock, Failure};
use crate::journal::Entry;
use crate::tracer::TracedDevice;

/// The attribute of each of these devices changes to each of these values (or to one that the
/// [`Matcher`] matches), in that order, after the action began; other values may lie between them.
/// Each device goes its own way. What counts as a change: see [`changes_to`](super::changes_to).
///
/// For an order between several devices see [`in_order`](super::in_order).
///
/// ```
/// # use std::sync::Arc;
/// # use harness_core::{InMemoryDevice, Tracer};
/// use harness_core::assertion::{Assertion, passes_through};
///
/// # let device = Arc::new(InMemoryDevice::new("low-tmc/subarray/01").with_attribute("obsState", 0));
/// # let subarray = Tracer::default().device(device);
/// let assertion = passes_through(&subarray, "obsState", ["RESOURCING", "IDLE"]);
/// assert_eq!(
///     assertion.describe(),
///     "low-tmc/subarray/01 obsState passes through RESOURCING, IDLE"
/// );
/// assert_eq!(
///     assertion.directly().describe(),
///     "low-tmc/subarray/01 obsState passes through RESOURCING, IDLE, with nothing in between"
/// );
/// ```
pub fn passes_through<D: AsRef<TracedDevice>, M: Into<Matcher>>(
    devices: impl IntoIterator<Item = D>,
    attribute: &str,
    values: impl IntoIterator<Item = M>,
) -> PassesThrough {
    PassesThrough {
        subject: Subject::new(devices, attribute),
        values: values.into_iter().map(Into::into).collect(),
        directly: false,
    }
}

/// See [`passes_through`].
#[derive(Clone, Debug)]
#[must_use = "an assertion does nothing until it is part of an action"]
pub struct PassesThrough {
    subject: Subject,
    values: Arc<[Matcher]>,
    directly: bool,
}

impl PassesThrough {
    /// From the first of the values on, no other value lies between them; one that does fails it at
    /// once, and so does a gap in the events, in which nobody knows what lay.
    pub fn directly(mut self) -> Self {
        self.directly = true;
        self
    }

    /// One of the devices is enough.
    pub fn on_any_device(mut self) -> Self {
        self.subject.any = true;
        self
    }

    async fn check(&self, watch: &Watch) -> Result<(), Failure> {
        let devices = self.subject.devices.iter();
        let mut passages: Vec<_> = devices.map(|_| Passage::new(self)).collect();
        let mut entries = watch.entries();
        let end = loop {
            match self.subject.verdict(passages.iter().map(Passage::verdict)) {
                Verdict::Holds => return Ok(()),
                Verdict::Fails => break None,
                Verdict::Open => {}
            }
            // only an event of the devices makes a difference
            let (entry, index) = match self.next(&mut entries).await {
                Ok(next) => next,
                Err(end) => break Some(end),
            };
            if let Some(event) = entry.event() {
                passages[index].observe(&entry, event);
            }
        };
        let behind = Behind::new(&entries, end.as_ref(), &self.subject);
        let clock = Clock::since(watch.mark());
        let each = passages.iter().zip(&self.subject.devices);
        let nearest = each.map(|(passage, device)| passage.told(device, &clock, &behind));
        let account = Failure::new(format!("{} took another way", self.subject));
        Err(self.subject.account(account, &self.predicate(), nearest))
    }

    /// The next event of one of the devices, and which one.
    async fn next(
        &self,
        entries: &mut super::WatchedEntries<'_>,
    ) -> Result<(Entry, usize), WatchEnd> {
        loop {
            let entry = entries.next().await?;
            let index = entry.event().and_then(|event| self.subject.position(event));
            if let Some(index) = index {
                return Ok((entry, index));
            }
        }
    }

    fn predicate(&self) -> String {
        let values = self.values.iter().map(|value| self.subject.words(value));
        let values: Vec<_> = values.collect();
        let directly = match self.directly {
            true => ", with nothing in between",
            false => "",
        };
        format!("passes through {}{directly}", values.join(", "))
    }
}

/// How far one device has come.
struct Passage<'a> {
    expected: &'a PassesThrough,
    seen: Vec<Entry>,
    broken: Option<Broken>,
}

enum Broken {
    Between(Entry),
    Missed(Entry),
    Panicked(Entry, MatcherPanic),
}

impl<'a> Passage<'a> {
    fn new(expected: &'a PassesThrough) -> Self {
        Self {
            expected,
            seen: Vec::new(),
            broken: None,
        }
    }

    fn awaited(&self) -> Option<&'a Matcher> {
        self.expected.values.get(self.seen.len())
    }

    fn verdict(&self) -> Verdict {
        match (&self.broken, self.awaited()) {
            (_, None) => Verdict::Holds,
            (Some(_), _) => Verdict::Fails,
            (None, Some(_)) => Verdict::Open,
        }
    }

    fn observe(&mut self, entry: &Entry, event: &Event) {
        let Some(awaited) = self.awaited().filter(|_| self.broken.is_none()) else {
            return;
        };
        let is_between = self.expected.directly && !self.seen.is_empty();
        if is_between && leaves_doubt(&event.signal) {
            self.broken = Some(Broken::Missed(entry.clone()));
            return;
        }
        let Some(reading) = event.change() else {
            return;
        };
        match awaited.matches(reading) {
            Ok(true) => self.seen.push(entry.clone()),
            Ok(false) if is_between && !awaited.is_unknown(reading) => {
                self.broken = Some(Broken::Between(entry.clone()));
            }
            Ok(false) => {}
            Err(panic) => self.broken = Some(Broken::Panicked(entry.clone(), panic)),
        }
    }

    /// What came nearest; `None` if it came through.
    fn told(&self, device: &TracedDevice, clock: &Clock, behind: &Behind<'_>) -> Option<String> {
        let missing = self.awaited()?;
        let is_missing = |_: &Entry, event: &Event| {
            let reading = event.reading();
            // one that panics is told when it is awaited
            reading.is_some_and(|reading| missing.matches(reading).unwrap_or(false))
        };
        let late = behind.told(device, clock, is_missing);
        let subject = &self.expected.subject;
        let at = |entry: &Entry| format!("at {:+.3} s", clock.seconds(entry.instant));
        let passed: Vec<_> = self
            .seen
            .iter()
            .filter_map(|entry| {
                let reading = entry.event()?.reading()?;
                Some(format!("{} {}", subject.reading(reading), at(entry)))
            })
            .collect();
        let passed = passed.join(", ");
        let missing = subject.words(missing);
        Some(match &self.broken {
            Some(Broken::Between(entry)) => {
                format!("{passed}; then {}", subject.change(clock, entry))
            }
            Some(Broken::Missed(entry)) => {
                let event = entry.event().map(ToString::to_string).unwrap_or_default();
                let at = at(entry);
                format!("{passed}; then events may have been missed: {event} {at}")
            }
            Some(Broken::Panicked(entry, panic)) => {
                format!("{}, at which {panic}", subject.change(clock, entry))
            }
            None => match late {
                Some(late) if passed.is_empty() => late,
                Some(late) => format!("{passed}; {late}"),
                None if passed.is_empty() => format!("{missing} was never reached"),
                None => format!("{passed}; {missing} was not reached after that"),
            },
        })
    }
}

impl Assertion for PassesThrough {
    fn describe(&self) -> String {
        format!("{} {}", self.subject, self.predicate())
    }

    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(watch_all(&self.subject))
    }

    fn verify<'a>(&'a self, watch: &'a Watch) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(self.check(watch))
    }

    fn standing(&self) -> Option<String> {
        self.subject.standing()
    }

    fn subjects(&self) -> Vec<(TracedDevice, Arc<str>)> {
        self.subject.list()
    }
}
