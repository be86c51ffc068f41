//! Seeing that waiting on is useless.

use std::fmt::{self, Debug, Formatter};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;

use super::Matcher;
use super::engine::panic_text;
use super::subject::{Subject, watch_all};
use crate::device::BoxFuture;
use crate::event::Signal;
use crate::failure::Failure;
use crate::journal::Entry;
use crate::tracer::TracedDevice;

/// Sees in the record that waiting on is useless.
///
/// It is shown every entry after the mark once, in order, while postconditions are awaited, and
/// ends the wait at the entry for which it gives a reason. Closures
/// `Fn(&Entry) -> Option<String>` are early stops that watch nothing themselves.
pub trait EarlyStop: Send + Sync {
    /// Why waiting on is useless after this entry, in one line; `None` if it is not.
    fn examine(&self, entry: &Entry) -> Option<String>;

    /// What it looks for, in one line.
    fn describe(&self) -> String {
        "an early stop".to_owned()
    }

    /// Watches what it must see. Nothing by default.
    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(std::future::ready(Ok(())))
    }
}

impl<F: Fn(&Entry) -> Option<String> + Send + Sync> EarlyStop for F {
    fn examine(&self, entry: &Entry) -> Option<String> {
        self(entry)
    }
}

/// Shows an entry to an early stop; one that panics stops the wait, since nobody guards it then.
pub(super) fn examine(stop: &dyn EarlyStop, entry: &Entry) -> Option<String> {
    catch_unwind(AssertUnwindSafe(|| stop.examine(entry))).unwrap_or_else(|panic| {
        Some(format!(
            "{} panicked: {}",
            stop.describe(),
            panic_text(&*panic)
        ))
    })
}

/// Stops when an attribute of one of the devices changes to a value, or to one that the [`Matcher`]
/// matches.
///
/// ```
/// # use std::sync::Arc;
/// # use harness_core::{InMemoryDevice, Tracer};
/// use harness_core::assertion::{EarlyStop, stops_on};
///
/// # let device = Arc::new(InMemoryDevice::new("low-tmc/subarray/01").with_attribute("obsState", 0));
/// # let subarray = Tracer::default().device(device);
/// let stop = stops_on([&subarray], "obsState", "FAULT");
/// assert_eq!(stop.describe(), "low-tmc/subarray/01 obsState changes to FAULT");
/// ```
pub fn stops_on<D: AsRef<TracedDevice>>(
    devices: impl IntoIterator<Item = D>,
    attribute: &str,
    value: impl Into<Matcher>,
) -> StopsOn {
    StopsOn {
        subject: Subject::new(devices, attribute),
        value: value.into(),
    }
}

/// See [`stops_on`].
#[derive(Clone, Debug)]
#[must_use = "an early stop does nothing until it is part of an action"]
pub struct StopsOn {
    subject: Subject,
    value: Matcher,
}

impl EarlyStop for StopsOn {
    fn examine(&self, entry: &Entry) -> Option<String> {
        let event = entry.event()?;
        let reading = event.change()?;
        self.subject.position(event)?;
        match self.value.matches(reading) {
            Ok(hit) => hit.then(|| format!("{} {}", event.device, event)),
            // nobody guards the wait then
            Err(panic) => Some(format!("{panic}: {} {}", event.device, event)),
        }
    }

    fn describe(&self) -> String {
        format!(
            "{} changes to {}",
            self.subject,
            self.subject.words(&self.value)
        )
    }

    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(watch_all(&self.subject))
    }
}

/// Stops when the subscription to an attribute of one of the devices is lost: from then on the
/// harness is deaf, and without this a wait goes on in the hope that the device comes back.
pub fn stops_on_loss<D: AsRef<TracedDevice>>(
    devices: impl IntoIterator<Item = D>,
    attribute: &str,
) -> StopsWhen {
    let subject = Subject::new(devices, attribute);
    let watched = vec![subject.clone()];
    let lost = move |entry: &Entry| {
        entry.event().is_some_and(|event| {
            matches!(event.signal, Signal::Lost { .. }) && subject.position(event).is_some()
        })
    };
    StopsWhen {
        watched,
        ..stops_when("nothing can be heard", lost)
    }
}

/// Stops when the subscription to an attribute of one of the devices has been lost for at least
/// that long, as far as the device's subscription says so (those over Tango do every 10 s). A
/// shorter loss is waited out: a network may recover.
pub fn stops_on_lasting_loss<D: AsRef<TracedDevice>>(
    devices: impl IntoIterator<Item = D>,
    attribute: &str,
    at_least: Duration,
) -> StopsWhen {
    let subject = Subject::new(devices, attribute);
    let watched = vec![subject.clone()];
    let lost = move |entry: &Entry| {
        entry.event().is_some_and(|event| {
            matches!(event.signal, Signal::StillLost { lasting, .. } if lasting >= at_least)
                && subject.position(event).is_some()
        })
    };
    StopsWhen {
        watched,
        ..stops_when("the device does not come back", lost)
    }
}

/// Stops at the first entry for which the predicate is true. The name says what it looks for.
pub fn stops_when(
    name: impl Into<String>,
    predicate: impl Fn(&Entry) -> bool + Send + Sync + 'static,
) -> StopsWhen {
    StopsWhen {
        name: name.into(),
        predicate: Arc::new(predicate),
        watched: Vec::new(),
    }
}

/// See [`stops_when`].
#[derive(Clone)]
#[must_use = "an early stop does nothing until it is part of an action"]
pub struct StopsWhen {
    name: String,
    predicate: Arc<dyn Fn(&Entry) -> bool + Send + Sync>,
    watched: Vec<Subject>,
}

impl StopsWhen {
    /// Watches an attribute that the predicate must see. It is shown all other entries too.
    pub fn watching(mut self, device: impl AsRef<TracedDevice>, attribute: &str) -> Self {
        self.watched.push(Subject::new([device], attribute));
        self
    }
}

impl EarlyStop for StopsWhen {
    fn examine(&self, entry: &Entry) -> Option<String> {
        (self.predicate)(entry).then(|| match entry.event() {
            Some(event) => format!("{}: {} {}", self.name, event.device, event),
            None => self.name.clone(),
        })
    }

    fn describe(&self) -> String {
        self.name.clone()
    }

    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async {
            let outcomes = join_all(self.watched.iter().map(watch_all)).await;
            let failures: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
            if failures.is_empty() {
                return Ok(());
            }
            let account = Failure::new(format!("what {} must see can not be watched", self.name));
            Err(failures.into_iter().fold(account, Failure::absorb))
        })
    }
}

impl Debug for StopsWhen {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("StopsWhen")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
