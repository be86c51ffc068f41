//! An attribute passes through several values, in order.

use std::sync::Arc;

use super::subject::{Subject, watch_all};
use super::{Assertion, Watch};
use crate::device::BoxFuture;
use crate::failure::{Clock, Expected, Failure};
use crate::journal::Entry;
use crate::tracer::TracedDevice;
use crate::value::Value;

/// The attribute changes to each of these values, in that order, after the action began; other
/// values may lie between them. What counts as a change: see [`changes_to`](super::changes_to).
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
/// ```
pub fn passes_through<V: Into<Value>>(
    device: impl AsRef<TracedDevice>,
    attribute: &str,
    values: impl IntoIterator<Item = V>,
) -> PassesThrough {
    PassesThrough {
        subject: Subject::new([device], attribute),
        values: values.into_iter().map(Into::into).collect(),
    }
}

/// See [`passes_through`].
#[derive(Clone, Debug)]
#[must_use = "an assertion does nothing until it is part of an action"]
pub struct PassesThrough {
    subject: Subject,
    values: Arc<[Value]>,
}

impl PassesThrough {
    async fn check(&self, watch: &Watch) -> Result<(), Failure> {
        let mut entries = watch.entries();
        let mut seen: Vec<Entry> = Vec::new();
        while let Some(awaited) = self.values.get(seen.len()) {
            let Ok(entry) = entries.next().await else {
                break;
            };
            let Some(event) = entry.event() else { continue };
            let is_awaited = event
                .change()
                .is_some_and(|reading| reading.value == *awaited)
                && self.subject.position(event).is_some();
            if is_awaited {
                seen.push(entry);
            }
        }
        if seen.len() == self.values.len() {
            return Ok(());
        }
        let clock = Clock::since(watch.mark());
        let passed = seen
            .iter()
            .zip(self.values.iter())
            .map(|(entry, value)| format!("{value} at {:+.3} s", clock.seconds(entry.instant)));
        let passed = passed.collect::<Vec<_>>().join(", ");
        let missing = &self.values[seen.len()];
        let nearest = if passed.is_empty() {
            format!("{missing} was never reached")
        } else {
            format!("{passed}; {missing} was not reached after that")
        };
        let what = self.describe();
        Err(Failure::new(format!("{} took another way", self.subject))
            .with_expected(Expected::missing(what).nearest(nearest)))
    }
}

impl Assertion for PassesThrough {
    fn describe(&self) -> String {
        let values: Vec<_> = self.values.iter().map(ToString::to_string).collect();
        format!("{} passes through {}", self.subject, values.join(", "))
    }

    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(watch_all(&self.subject))
    }

    fn verify<'a>(&'a self, watch: &'a Watch) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(self.check(watch))
    }
}
