//! Attributes change their value.

use std::fmt::{self, Debug, Display, Formatter};
use std::sync::Arc;
use std::time::Duration;

use super::change_tracking::{Tracking, tell};
use super::subject::{Subject, watch_all};
use super::{Assertion, Watch, WatchEnd};
use crate::device::{BoxFuture, Reading};
use crate::failure::Failure;
use crate::tracer::TracedDevice;
use crate::value::Value;

/// The attribute of each of these devices changes to that value, after the action began.
///
/// Only changes count: neither the value an attribute already had, nor the same value pushed
/// again. A value found after a gap counts as a change if it differs from the last one known.
///
/// ```
/// # use std::sync::Arc;
/// # use std::time::Duration;
/// # use harness_core::{InMemoryDevice, Tracer};
/// use harness_core::assertion::{Assertion, changes_to};
///
/// # let device = Arc::new(InMemoryDevice::new("low-tmc/subarray/01").with_attribute("obsState", 0));
/// # let subarray = Tracer::default().device(device);
/// let ready = changes_to([&subarray], "obsState", "READY")
///     .from("CONFIGURING")
///     .stays_for(Duration::from_secs(5));
/// assert_eq!(
///     ready.describe(),
///     "low-tmc/subarray/01 obsState changes from CONFIGURING to READY and stays for 5s"
/// );
/// ```
pub fn changes_to<D: AsRef<TracedDevice>>(
    devices: impl IntoIterator<Item = D>,
    attribute: &str,
    value: impl Into<Value>,
) -> Changes {
    Changes {
        to: Some(value.into()),
        ..changes(devices, attribute)
    }
}

/// The attribute of each of these devices changes, to whatever value, after the action began. See
/// [`changes_to`]; usually followed by [`Changes::matching`].
pub fn changes<D: AsRef<TracedDevice>>(
    devices: impl IntoIterator<Item = D>,
    attribute: &str,
) -> Changes {
    Changes {
        subject: Subject::new(devices, attribute),
        to: None,
        from: None,
        matchers: Vec::new(),
        times: 1,
        stays_for: None,
    }
}

/// See [`changes_to`] and [`changes`].
#[derive(Clone, Debug)]
#[must_use = "an assertion does nothing until it is part of an action"]
pub struct Changes {
    pub(super) subject: Subject,
    pub(super) to: Option<Value>,
    pub(super) from: Option<Value>,
    pub(super) matchers: Vec<Matcher>,
    pub(super) times: usize,
    pub(super) stays_for: Option<Duration>,
}

/// A named predicate over readings.
#[derive(Clone)]
pub(super) struct Matcher {
    pub(super) name: String,
    pub(super) matches: Arc<dyn Fn(&Reading) -> bool + Send + Sync>,
}

impl Changes {
    /// Only changes from that value.
    pub fn from(mut self, previous: impl Into<Value>) -> Self {
        self.from = Some(previous.into());
        self
    }

    /// Only changes to readings for which the predicate is true; the name appears in failures.
    /// May be given several times: all must be true.
    pub fn matching(
        mut self,
        name: impl Into<String>,
        matches: impl Fn(&Reading) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.matchers.push(Matcher {
            name: name.into(),
            matches: Arc::new(matches),
        });
        self
    }

    /// At least that many such changes of each device; one by default, and zero asks for nothing.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    /// After it the attribute stays as it is for that long, within the timeout. A gap or a lost
    /// subscription meanwhile means that nobody knows; it then counts anew from the moment the
    /// value is known again.
    pub fn stays_for(mut self, duration: Duration) -> Self {
        self.stays_for = Some(duration);
        self
    }

    async fn check(&self, watch: &Watch) -> Result<(), Failure> {
        let mut tracked: Vec<Tracking<'_>> = self
            .subject
            .devices
            .iter()
            .map(|device| Tracking::new(self, device))
            .collect();
        let mut entries = watch.entries();
        let mut open = count_open(&tracked);
        while open > 0 {
            let held = tracked.iter().filter_map(Tracking::holds_until).min();
            let next = match held.filter(|until| *until <= watch.deadline()) {
                None => entries.next().await,
                Some(until) => match entries.next_before(until).await {
                    Err(WatchEnd::TimedOut) => {
                        tracked
                            .iter_mut()
                            .for_each(|tracking| tracking.settle(until));
                        open = count_open(&tracked);
                        continue;
                    }
                    next => next,
                },
            };
            let Ok(entry) = next else { break };
            let Some(event) = entry.event() else { continue };
            let Some(index) = self.subject.position(event) else {
                continue;
            };
            let tracking = &mut tracked[index];
            if !tracking.is_settled() && tracking.observe(&entry, event) {
                open -= 1;
            }
        }
        if open == 0 {
            return Ok(());
        }
        let account = Failure::new(format!("{} did not change as expected", self.subject));
        Err(tell(account, &tracked, watch))
    }

    /// The expectation without its subject: `changes from CONFIGURING to READY`.
    pub(super) fn predicate(&self) -> Predicate<'_> {
        Predicate(self)
    }
}

fn count_open(tracked: &[Tracking<'_>]) -> usize {
    tracked
        .iter()
        .filter(|tracking| !tracking.is_settled())
        .count()
}

/// Writes what is expected of each device.
pub(super) struct Predicate<'a>(&'a Changes);

impl Display for Predicate<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Changes {
            to,
            from,
            matchers,
            times,
            stays_for,
            ..
        } = self.0;
        f.write_str("changes")?;
        if let Some(from) = from {
            write!(f, " from {from}")?;
        }
        if let Some(to) = to {
            write!(f, " to {to}")?;
        }
        for matcher in matchers {
            write!(f, ", matching {}", matcher.name)?;
        }
        if *times != 1 {
            write!(f, ", {times} times")?;
        }
        if let Some(duration) = stays_for {
            write!(
                f,
                " and stays for {}",
                humantime::format_duration(*duration)
            )?;
        }
        Ok(())
    }
}

impl Assertion for Changes {
    fn describe(&self) -> String {
        format!("{} {}", self.subject, self.predicate())
    }

    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(watch_all(&self.subject))
    }

    fn verify<'a>(&'a self, watch: &'a Watch) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(self.check(watch))
    }
}

impl Debug for Matcher {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Matcher").field(&self.name).finish()
    }
}
