//! Devices are in a state.

use std::future::{pending, ready};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::device_state::{Answer, State};
use super::subject::{Subject, Verdict, watch_each};
use super::{Assertion, Matcher, Watch};
use crate::device::{BoxFuture, DeviceError, DeviceErrorKind};
use crate::event::Event;
use crate::failure::Failure;
use crate::journal::Entry;
use crate::tracer::{TracedDevice, TracerError};

/// How soon an attribute of which nothing is heard is read again, at first and at most.
const FIRST_PACE: Duration = Duration::from_millis(50);
const SLOWEST_PACE: Duration = Duration::from_millis(500);

/// The attribute of all these devices has that value, or one that the [`Matcher`] matches.
///
/// The devices are read, all at the same time, when the assertion is verified. As a precondition
/// that is all: what is not as expected is a failure. As a postcondition, what is not yet as
/// expected may become so within the timeout, which its events tell. An attribute of which nothing
/// can be heard, since it pushes no events or its subscription is lost, is read again: first after
/// 50 ms, then less and less often, down to every 500 ms, and a last time shortly before the timeout
/// ends. Nothing else in this crate polls.
///
/// To ask for what an action *causes* use [`changes_to`](super::changes_to): a state that held
/// before holds here too.
///
/// ```
/// # use std::sync::Arc;
/// # use harness_core::{InMemoryDevice, Tracer};
/// use harness_core::assertion::{Assertion, is_in_state};
///
/// # let device = Arc::new(InMemoryDevice::new("low-tmc/subarray/01").with_attribute("obsState", 0));
/// # let subarray = Tracer::default().device(device);
/// let assertion = is_in_state([&subarray], "obsState", "EMPTY");
/// assert_eq!(assertion.describe(), "low-tmc/subarray/01 obsState is EMPTY");
/// ```
pub fn is_in_state<D: AsRef<TracedDevice>>(
    devices: impl IntoIterator<Item = D>,
    attribute: &str,
    value: impl Into<Matcher>,
) -> IsInState {
    IsInState {
        subject: Subject::new(devices, attribute),
        value: value.into(),
    }
}

/// See [`is_in_state`].
#[derive(Clone, Debug)]
#[must_use = "an assertion does nothing until it is part of an action"]
pub struct IsInState {
    subject: Subject,
    value: Matcher,
}

impl IsInState {
    /// One of the devices is enough.
    pub fn on_any_device(mut self) -> Self {
        self.subject.any = true;
        self
    }

    async fn check(&self, watch: &Watch) -> Result<(), Failure> {
        let begun = watch.tracer().mark();
        let first = self.read_all(watch).await;
        let mut states: Vec<_> = first.into_iter().map(|it| self.judge(it)).collect();
        // those that answered first may have changed while the others were slow
        for entry in watch.tracer().journal().read(&begun) {
            self.catch_up(&entry, &mut states);
        }
        let mut unwatched = Vec::new();
        if self.verdict(&states) == Verdict::Open && !watch.timeout().has_expired() {
            // those that do not answer in time are reported by what they were read as
            let watched = timeout_at(watch.deadline(), watch_each(&self.subject)).await;
            unwatched = failed(watched.unwrap_or_default());
            for (index, state) in states.iter_mut().enumerate() {
                state.is_heard &= !self.is_lost(index);
            }
            for (index, _) in &unwatched {
                states[*index].is_heard = false;
            }
            self.wait(watch, begun.sequence(), &mut states).await;
        }
        if self.verdict(&states) == Verdict::Holds {
            return Ok(());
        }
        Err(self.account(&states, unwatched))
    }

    /// Takes note of a value that came after those that were read.
    fn catch_up(&self, entry: &Entry, states: &mut [State]) {
        let event = entry.event().and_then(|it| Some((it, it.reading()?)));
        let Some((event, reading)) = event else {
            return;
        };
        if let Some(index) = self.subject.position(event)
            && !states[index].is_newer_than(reading)
        {
            states[index] = self.judge(Ok(reading.clone()));
        }
    }

    fn is_lost(&self, index: usize) -> bool {
        let device = self.subject.devices.get(index);
        device.is_some_and(|device| {
            let lost = device.tracer().lost(device.name(), &self.subject.attribute);
            lost.is_some()
        })
    }

    /// Waits until the devices are as expected or can not be any more, or the watch ends.
    async fn wait(&self, watch: &Watch, begun: u64, states: &mut [State]) {
        let mut entries = watch.entries();
        let mut pace = FIRST_PACE;
        let mut polling = self.read_later(watch, states, pace);
        while self.verdict(states) == Verdict::Open {
            tokio::select! {
                biased;
                entry = entries.next() => {
                    let Ok(entry) = entry else { return };
                    // what was recorded before the devices were read is older than what they said
                    let event = entry.event().filter(|_| entry.sequence >= begun);
                    let Some(event) = event else { continue };
                    let Some(index) = self.subject.position(event) else {
                        continue;
                    };
                    if self.hear(&mut states[index], event) {
                        pace = FIRST_PACE;
                        polling = self.read_later(watch, states, pace);
                    }
                }
                answers = &mut polling => {
                    for (index, answer) in answers {
                        if states[index].is_heard {
                            // what it said meanwhile may be newer
                            continue;
                        }
                        let judged = self.judge(answer);
                        states[index] = judged.read_again_after(&states[index]);
                    }
                    pace = (pace * 2).min(SLOWEST_PACE);
                    polling = self.read_later(watch, states, pace);
                }
            }
        }
    }

    /// Takes note of what a subscription said. True if nobody knows what the device is from now on,
    /// so that it must be read.
    fn hear(&self, state: &mut State, event: &Event) -> bool {
        match event.reading() {
            Some(reading) if !state.is_newer_than(reading) => {
                *state = self.judge(Ok(reading.clone()));
                return false;
            }
            // it is late, or the device tells times that are not those of its events
            Some(_) => {}
            None if state.verdict == Verdict::Holds => state.verdict = Verdict::Open,
            None => {}
        }
        std::mem::replace(&mut state.is_heard, false)
    }

    /// Reads those of which nothing is heard, after a while; never if there are none, or when the
    /// time is nearly over.
    fn read_later<'a>(
        &'a self,
        watch: &'a Watch,
        states: &[State],
        pace: Duration,
    ) -> BoxFuture<'a, Vec<(usize, Answer)>> {
        let unheard = |(index, state): (usize, &State)| (!state.is_heard).then_some(index);
        let unheard: Vec<_> = states.iter().enumerate().filter_map(unheard).collect();
        let now = Instant::now();
        // a last time while there is time for an answer
        let last = watch.deadline().checked_sub(FIRST_PACE);
        let moment = match last.map(|last| last.min(now + pace)) {
            Some(moment) if moment > now && !unheard.is_empty() => moment,
            _ => return Box::pin(pending()),
        };
        Box::pin(async move {
            sleep_until(moment).await;
            let reads = unheard.into_iter().filter_map(|index| {
                let device = self.subject.devices.get(index)?;
                Some(async move { (index, self.read(device, watch.deadline()).await) })
            });
            join_all(reads).await
        })
    }

    /// What each device says now. Where there is no time to wait, each has its own time to answer.
    async fn read_all(&self, watch: &Watch) -> Vec<Answer> {
        let looks_once = watch.timeout().has_expired();
        let reads = self.subject.devices.iter().map(async |device| {
            if looks_once {
                return device.read(&self.subject.attribute).await;
            }
            self.read(device, watch.deadline()).await
        });
        join_all(reads).await
    }

    async fn read(&self, device: &TracedDevice, deadline: Instant) -> Answer {
        let attribute = &*self.subject.attribute;
        let read = timeout_at(deadline, device.read(attribute)).await;
        read.unwrap_or_else(|_| {
            let kind = DeviceErrorKind::TimedOut;
            let operation = format!("read {attribute}");
            Err(DeviceError::new(kind, &**device.name(), operation))
        })
    }

    fn judge(&self, last: Answer) -> State {
        State::judged(&self.value, last)
    }

    fn verdict(&self, states: &[State]) -> Verdict {
        self.subject
            .verdict(states.iter().map(|state| state.verdict))
    }

    fn predicate(&self) -> String {
        format!("is {}", self.subject.words(&self.value))
    }

    fn account(&self, states: &[State], unwatched: Vec<(usize, TracerError)>) -> Failure {
        let nearest = states.iter().map(|state| state.told(&self.subject));
        let account = Failure::new(format!("{} is not as expected", self.subject));
        let account = self.subject.account(account, &self.predicate(), nearest);
        unwatched
            .into_iter()
            .fold(account, |account, (index, error)| {
                let is_missing = states
                    .get(index)
                    .is_some_and(|state| state.verdict != Verdict::Holds);
                match is_missing {
                    true => account.with_cause(&error),
                    false => account,
                }
            })
    }
}

/// Which devices can not be watched.
fn failed(watched: Vec<Result<(), TracerError>>) -> Vec<(usize, TracerError)> {
    let indexed = watched.into_iter().enumerate();
    indexed
        .filter_map(|(index, outcome)| Some((index, outcome.err()?)))
        .collect()
}

impl Assertion for IsInState {
    fn describe(&self) -> String {
        format!("{} {}", self.subject, self.predicate())
    }

    fn setup(&self) -> BoxFuture<'_, Result<(), Failure>> {
        Box::pin(ready(self.subject.check_named(&self.predicate())))
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
