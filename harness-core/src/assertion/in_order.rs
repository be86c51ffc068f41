//! Changes of several devices, one after the other.

use std::sync::Arc;

use super::behind::Behind;
use super::change_tracking::Tracking;
use super::changes::Changes;
use super::subject::{Verdict, watch_all};
use super::{Assertion, Watch, WatchEnd};
use crate::device::BoxFuture;
use crate::failure::{Clock, Expected, Failure};
use crate::journal::Entry;
use crate::tracer::TracedDevice;

/// Changes that are seen one after the other: each one is looked for only behind the event at which
/// the one before it had been seen, on all its devices and as often as it asks for. Between steps
/// of different devices this is the order of the record.
///
/// A step can not ask for "at most" or "never": verify that beside the order.
///
/// ```
/// # use std::sync::Arc;
/// # use harness_core::{InMemoryDevice, Tracer};
/// use harness_core::assertion::{Assertion, changes_to};
///
/// # let tracer = Tracer::default();
/// # let device = |name| tracer.device(Arc::new(InMemoryDevice::new(name)));
/// # let (csp, sdp, tmc) = (device("csp/subarray/01"), device("sdp/subarray/01"), device("tmc/subarray/01"));
/// let ready = changes_to([&csp, &sdp], "obsState", "READY")
///     .then(changes_to(&tmc, "obsState", "READY"));
/// assert_eq!(
///     ready.describe(),
///     "csp/subarray/01, sdp/subarray/01 obsState changes to READY, \
///      then tmc/subarray/01 obsState changes to READY"
/// );
/// ```
pub fn in_order(steps: impl IntoIterator<Item = Changes>) -> InOrder {
    InOrder {
        steps: steps.into_iter().collect(),
    }
}

/// See [`in_order`] and [`Changes::then`].
#[derive(Clone, Debug)]
#[must_use = "an assertion does nothing until it is part of an action"]
pub struct InOrder {
    steps: Vec<Changes>,
}

/// How far one step has come.
struct Step<'a> {
    expected: &'a Changes,
    tracked: Vec<Tracking<'a>>,
    /// The event at which it had been seen.
    seen_at: Option<Entry>,
    /// A change as it asks for, before it was looked for.
    too_early: Option<Entry>,
}

impl InOrder {
    /// Adds another step at the end.
    pub fn then(mut self, next: Changes) -> Self {
        self.steps.push(next);
        self
    }

    async fn check(&self, watch: &Watch) -> Result<(), Failure> {
        self.refuse_steps()?;
        let mut steps: Vec<Step<'_>> = self.steps.iter().map(Step::new).collect();
        let mut entries = watch.entries();
        let mut current = 0;
        let (mut last, mut end) = (None, None);
        while let Some(step) = steps.get_mut(current) {
            match step.verdict() {
                Verdict::Holds => {
                    step.seen_at = last.clone();
                    current += 1;
                    continue;
                }
                Verdict::Fails => break,
                Verdict::Open => {}
            }
            let held = step.tracked.iter().filter_map(Tracking::holds_until).min();
            let next = match held.filter(|until| *until <= watch.deadline()) {
                None => entries.next().await,
                Some(until) => match entries.next_before(until).await {
                    Err(WatchEnd::TimedOut) => {
                        step.tracked.iter_mut().for_each(|one| one.settle(until));
                        continue;
                    }
                    next => next,
                },
            };
            let entry = match next {
                Ok(entry) => entry,
                Err(reason) => {
                    end = Some(reason);
                    break;
                }
            };
            for (index, step) in steps.iter_mut().enumerate().skip(current) {
                step.observe(&entry, index == current);
            }
            last = Some(entry);
        }
        let Some(awaited) = steps.get(current) else {
            return Ok(());
        };
        let behind = Behind::new(&entries, end.as_ref(), &awaited.expected.subject);
        Err(tell(&steps, current, watch, &behind))
    }

    /// Steps that can not be verified in an order, or not at all.
    fn refuse_steps(&self) -> Result<(), Failure> {
        let mut steps = self.steps.iter();
        steps.try_for_each(Changes::refuse_contradictions)?;
        let bounded = self.steps.iter().filter(|step| step.is_judged_last());
        let refused: Vec<_> = bounded
            .map(|step| {
                Expected::missing(step.describe())
                    .nearest("a step of an order can not be judged at the end")
            })
            .collect();
        if refused.is_empty() {
            return Ok(());
        }
        let account = Failure::new(format!("{} can not be verified", self.describe()))
            .with_advice("verify what has an upper bound beside the order, not within it");
        Err(refused.into_iter().fold(account, Failure::with_expected))
    }
}

impl<'a> Step<'a> {
    fn new(expected: &'a Changes) -> Self {
        Self {
            expected,
            tracked: expected.track(),
            seen_at: None,
            too_early: None,
        }
    }

    fn verdict(&self) -> Verdict {
        self.expected.verdict(&self.tracked)
    }

    /// Looks at an entry: for what is awaited, or for what comes too early.
    fn observe(&mut self, entry: &Entry, is_awaited: bool) {
        let Some(event) = entry.event() else { return };
        let Some(index) = self.expected.subject.position(event) else {
            return;
        };
        if is_awaited {
            self.tracked[index].observe(entry, event);
        } else if self.tracked[index].is_match(entry, event) {
            self.too_early = Some(entry.clone());
        }
    }
}

/// The account of the steps: which was seen when, which was awaited, and what came too early.
fn tell(steps: &[Step<'_>], current: usize, watch: &Watch, behind: &Behind<'_>) -> Failure {
    let clock = Clock::since(watch.mark());
    let account = Failure::new("the changes did not come in the order expected");
    steps
        .iter()
        .enumerate()
        .fold(account, |account, (index, step)| {
            let what = step.expected.describe();
            let subject = &step.expected.subject;
            let early = step.too_early.as_ref().map(|entry| {
                let device = entry.device().map(ToString::to_string).unwrap_or_default();
                format!("too early: {device} {}", subject.change(&clock, entry))
            });
            if let Some(entry) = &step.seen_at {
                let at = clock.seconds(entry.instant);
                return account.with_expected(Expected::met(format!("{what} (at {at:+.3} s)")));
            }
            if index < current {
                return account.with_expected(Expected::met(what));
            }
            let expected = Expected::missing(match index {
                0 => what,
                _ => format!("then {what}"),
            });
            if index > current {
                let nearest = early.unwrap_or_else(|| "not looked for yet".to_owned());
                return account.with_expected(expected.nearest(nearest));
            }
            if let Some(early) = early {
                return account.with_expected(expected.nearest(early));
            }
            if step.tracked.is_empty() {
                return account.with_expected(expected.nearest("no device was named"));
            }
            let each = step.tracked.iter();
            let missing = each.filter(|one| one.verdict() != Verdict::Holds);
            let several = step.tracked.len() > 1;
            let told = missing.map(|one| match several {
                true => format!("{} {}", one.device.name(), one.told(&clock, behind)),
                false => one.told(&clock, behind),
            });
            let told = told.collect::<Vec<_>>().join("; ");
            let account = account.with_expected(expected.nearest(told));
            let advice = step.tracked.iter().filter_map(|one| one.advice(behind));
            advice.fold(account, Failure::with_advice)
        })
}

impl Assertion for InOrder {
    fn describe(&self) -> String {
        let steps: Vec<_> = self.steps.iter().map(Assertion::describe).collect();
        steps.join(", then ")
    }

    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(async {
            self.refuse_steps()?;
            let setups = self.steps.iter().map(|step| watch_all(&step.subject));
            let outcomes = futures_util::future::join_all(setups).await;
            let failures: Vec<_> = outcomes.into_iter().filter_map(Result::err).collect();
            if failures.is_empty() {
                return Ok(());
            }
            let account = Failure::new(format!("{} can not be watched", self.describe()));
            Err(failures.into_iter().fold(account, Failure::absorb))
        })
    }

    fn verify<'a>(&'a self, watch: &'a Watch) -> BoxFuture<'a, Result<(), Failure>> {
        Box::pin(self.check(watch))
    }

    fn standing(&self) -> Option<String> {
        let standings: Vec<_> = self.steps.iter().filter_map(Assertion::standing).collect();
        (!standings.is_empty()).then(|| standings.join("; then "))
    }

    fn subjects(&self) -> Vec<(TracedDevice, Arc<str>)> {
        let mut subjects: Vec<(TracedDevice, Arc<str>)> = Vec::new();
        for subject in self.steps.iter().flat_map(Assertion::subjects) {
            let is_it = |(device, attribute): &(TracedDevice, Arc<str>)| {
                device.name() == subject.0.name() && attribute.eq_ignore_ascii_case(&subject.1)
            };
            if !subjects.iter().any(is_it) {
                subjects.push(subject);
            }
        }
        subjects
    }
}
