//! Attributes change their value.

use std::sync::Arc;
use std::time::Duration;

use super::behind::Behind;
use super::change_account::{Predicate, tell};
use super::change_tracking::Tracking;
use super::closing::Ending;
use super::count::Count;
use super::subject::{Subject, Verdict, watch_all};
use super::{Assertion, InOrder, Matcher, Watch, WatchEnd, matching};
use crate::device::{BoxFuture, Reading};
use crate::failure::{Expected, Failure};
use crate::tracer::TracedDevice;

/// The attribute of each of these devices changes to that value, or one that the [`Matcher`]
/// matches, after the action began.
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
/// let twice = changes_to([&subarray], "obsState", "READY").exactly(2);
/// assert_eq!(
///     twice.describe(),
///     "low-tmc/subarray/01 obsState changes to READY, exactly twice"
/// );
/// ```
pub fn changes_to<D: AsRef<TracedDevice>>(
    devices: impl IntoIterator<Item = D>,
    attribute: &str,
    value: impl Into<Matcher>,
) -> Changes {
    Changes {
        to: Some(value.into()),
        ..changes(devices, attribute)
    }
}

/// The attribute of none of these devices changes to that value, or one that the [`Matcher`]
/// matches, as long as anything else is waited for: see [`Changes::at_most`].
///
/// ```
/// # use std::sync::Arc;
/// # use std::time::Duration;
/// # use harness_core::{InMemoryDevice, Tracer};
/// use harness_core::assertion::{Assertion, never_changes_to};
///
/// # let device = Arc::new(InMemoryDevice::new("low-tmc/subarray/01").with_attribute("obsState", 0));
/// # let subarray = Tracer::default().device(device);
/// let sound = never_changes_to(&subarray, "obsState", "FAULT").for_at_least(Duration::from_secs(5));
/// assert_eq!(
///     sound.describe(),
///     "low-tmc/subarray/01 obsState never changes to FAULT for at least 5s"
/// );
/// ```
pub fn never_changes_to<D: AsRef<TracedDevice>>(
    devices: impl IntoIterator<Item = D>,
    attribute: &str,
    value: impl Into<Matcher>,
) -> Changes {
    changes_to(devices, attribute, value).never()
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
        count: Count::default(),
        stays_for: None,
        for_at_least: None,
    }
}

/// See [`changes_to`], [`never_changes_to`] and [`changes`].
#[derive(Clone, Debug)]
#[must_use = "an assertion does nothing until it is part of an action"]
pub struct Changes {
    pub(super) subject: Subject,
    pub(super) to: Option<Matcher>,
    pub(super) from: Option<Matcher>,
    pub(super) matchers: Vec<Matcher>,
    pub(super) count: Count,
    pub(super) stays_for: Option<Duration>,
    pub(super) for_at_least: Option<Duration>,
}

impl Changes {
    /// Only changes from that value, or one that the matcher matches.
    pub fn from(mut self, previous: impl Into<Matcher>) -> Self {
        self.from = Some(previous.into());
        self
    }

    /// Only changes to readings for which the predicate is true; the name appears in failures.
    /// May be given several times: all must be true. See [`matching`](super::matching).
    pub fn matching(
        mut self,
        name: impl Into<String>,
        predicate: impl Fn(&Reading) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.matchers.push(matching(name, predicate));
        self
    }

    /// One of the devices is enough.
    pub fn on_any_device(mut self) -> Self {
        self.subject.any = true;
        self
    }

    /// At least that many such changes of each device; one by default, and zero asks for nothing.
    /// More than [`Changes::at_most`] allows are refused.
    pub fn at_least(mut self, times: usize) -> Self {
        self.count = self.count.at_least(times);
        self
    }

    /// At most that many such changes of each device.
    ///
    /// This can only be judged at the end. One change too many fails it at once, and ends all
    /// waiting; otherwise it holds when everything else that is verified with it has been seen or,
    /// when there is nothing else, when the timeout ends: see [`Changes::for_at_least`]. What stands
    /// in the record by then counts. When events may have been missed meanwhile, nobody knows how
    /// many there were, and it fails.
    pub fn at_most(mut self, times: usize) -> Self {
        self.count = self.count.at_most(times);
        self
    }

    /// Exactly that many such changes of each device: [`Changes::at_least`] and
    /// [`Changes::at_most`].
    pub fn exactly(self, times: usize) -> Self {
        self.at_least(times).at_most(times)
    }

    /// No such change of any of the devices: see [`Changes::at_most`].
    pub fn never(self) -> Self {
        self.exactly(0)
    }

    /// Keeps watching at least that long, counted from the mark where the watch begins, and longer
    /// if anything else is still waited for. Without anything else, this is when it ends. The
    /// timeout must not be shorter.
    pub fn for_at_least(mut self, duration: Duration) -> Self {
        self.for_at_least = Some(duration);
        self
    }

    /// After it the attribute stays as it is for that long, within the timeout. A gap or a lost
    /// subscription meanwhile means that nobody knows; it then counts anew from the moment the
    /// value is known again. A change that need not come, as after [`Changes::at_most`] or
    /// [`Changes::never`] alone, can not be asked to stay: that is refused.
    pub fn stays_for(mut self, duration: Duration) -> Self {
        self.stays_for = Some(duration);
        self
    }

    /// Only after this has been seen the other is looked for: see [`in_order`](super::in_order).
    pub fn then(self, next: Changes) -> InOrder {
        super::in_order([self, next])
    }

    async fn check(&self, watch: &Watch) -> Result<(), Failure> {
        self.refuse_contradictions()?;
        let mut tracked = self.track();
        let mut entries = watch.entries();
        let mut ending = self.is_judged_last().then(|| {
            let until = self.for_at_least.map(|duration| {
                let until = watch.mark().instant().checked_add(duration);
                // a moment beyond all time is not reached
                until.unwrap_or(watch.deadline() + Duration::from_secs(1))
            });
            Ending::new(watch, until)
        });
        let mut verdict = self.verdict(&tracked);
        let end = loop {
            match (verdict, &mut ending) {
                (Verdict::Fails, _) => break None,
                (Verdict::Holds, None) => return Ok(()),
                (_, Some(ending)) => ending.update(verdict == Verdict::Holds),
                (Verdict::Open, None) => {}
            }
            let held = tracked.iter().filter_map(Tracking::holds_until).min();
            let open_until = ending.as_ref().and_then(Ending::next);
            let until = held.into_iter().chain(open_until).min();
            let next = match until.filter(|until| *until <= watch.deadline()) {
                None => entries.next().await,
                Some(until) => match entries.next_before(until).await {
                    Err(WatchEnd::TimedOut) => {
                        if let Some(ending) = &mut ending {
                            ending.settle(until);
                        }
                        tracked.iter_mut().for_each(|one| one.settle(until));
                        verdict = self.verdict(&tracked);
                        continue;
                    }
                    next => next,
                },
            };
            let entry = match next {
                Ok(entry) => entry,
                Err(end) => break Some(end),
            };
            let Some(event) = entry.event() else { continue };
            let Some(index) = self.subject.position(event) else {
                continue;
            };
            let before = tracked[index].verdict();
            tracked[index].observe(&entry, event);
            if tracked[index].verdict() != before {
                verdict = self.verdict(&tracked);
            }
        };
        let is_reached = ending.is_none_or(|ending| ending.is_reached());
        if verdict == Verdict::Holds && is_reached {
            return Ok(());
        }
        let behind = Behind::new(&entries, end.as_ref(), &self.subject);
        Err(tell(self, &tracked, watch, end.as_ref(), &behind))
    }

    /// What can not hold whatever happens, or would hold though it does not say so, is a mistake of
    /// the test.
    pub(super) fn refuse_contradictions(&self) -> Result<(), Failure> {
        let (least, most) = (self.count.least(), self.count.most());
        let why = if most.is_some_and(|most| least > most) {
            "more are asked for than may come"
        } else if least == 0 && self.stays_for.is_some() {
            "what need not come can not be asked to stay: say at_least or exactly, too"
        } else {
            return Ok(());
        };
        let what = self.describe();
        let account = Failure::new(format!("{what}: can not be verified"));
        Err(account.with_expected(Expected::missing(what).nearest(why)))
    }

    pub(super) fn track(&self) -> Vec<Tracking<'_>> {
        let devices = self.subject.devices.iter();
        devices.map(|device| Tracking::new(self, device)).collect()
    }

    pub(super) fn verdict(&self, tracked: &[Tracking<'_>]) -> Verdict {
        self.subject.verdict(tracked.iter().map(Tracking::verdict))
    }

    /// The expectation without its subject: `changes from CONFIGURING to READY`.
    pub(super) fn predicate(&self) -> Predicate<'_> {
        Predicate(self)
    }
}

impl Assertion for Changes {
    fn describe(&self) -> String {
        format!("{} {}", self.subject, self.predicate())
    }

    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async {
            self.refuse_contradictions()?;
            watch_all(&self.subject).await
        })
    }

    fn verify<'a>(&'a self, watch: &'a Watch) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(self.check(watch))
    }

    fn is_judged_last(&self) -> bool {
        self.count.most().is_some() || self.for_at_least.is_some()
    }

    fn standing(&self) -> Option<String> {
        self.subject.standing()
    }

    fn subjects(&self) -> Vec<(TracedDevice, Arc<str>)> {
        self.subject.list()
    }
}
