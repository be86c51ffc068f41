//! Devices are in a state.

use std::future::{pending, ready};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::{Instant, sleep_until, timeout_at};

use super::matcher::MatcherPanic;
use super::subject::{Subject, Verdict, watch_each};
use super::{Assertion, Matcher, Watch};
use crate::device::{BoxFuture, DeviceError, DeviceErrorKind, Reading};
use crate::failure::Failure;
use crate::tracer::{TracedDevice, TracerError};

/// How soon an attribute that pushes no events is read again, at first and at most.
const FIRST_PACE: Duration = Duration::from_millis(50);
const SLOWEST_PACE: Duration = Duration::from_millis(500);

/// The attribute of all these devices has that value, or one that the [`Matcher`] matches.
///
/// The devices are read, all at the same time, when the assertion is verified. As a precondition
/// that is all: what is not as expected is a failure. As a postcondition, what is not yet as
/// expected may become so within the timeout, which its events tell. An attribute that can not be
/// subscribed to, since it pushes no events, is read again: first after 50 ms, then less and less
/// often, down to every 500 ms, and a last time shortly before the timeout ends. Nothing else in
/// this crate polls.
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

type Answer = Result<Reading, DeviceError>;

/// What is known of one device.
struct State {
    last: Answer,
    verdict: Verdict,
    panic: Option<MatcherPanic>,
    /// How often it was read again, since it can not be watched.
    polled: usize,
}

impl IsInState {
    /// One of the devices is enough.
    pub fn on_any_device(mut self) -> Self {
        self.subject.any = true;
        self
    }

    async fn check(&self, watch: &Watch) -> Result<(), Failure> {
        let begun = watch.tracer().journal().next_sequence();
        let first = self.read_all(watch).await;
        let mut states: Vec<_> = first.into_iter().map(|last| self.judge(last)).collect();
        let mut unwatched = Vec::new();
        if self.verdict(&states) == Verdict::Open && !watch.timeout().has_expired() {
            // those that do not answer in time are reported by what they were read as
            let watched = timeout_at(watch.deadline(), watch_each(&self.subject)).await;
            unwatched = failed(watched.unwrap_or_default());
            self.wait(watch, begun, &mut states, &unwatched).await;
        }
        if self.verdict(&states) == Verdict::Holds {
            return Ok(());
        }
        Err(self.account(&states, unwatched))
    }

    /// Waits until the devices are as expected or can not be any more, or the watch ends.
    async fn wait(
        &self,
        watch: &Watch,
        begun: u64,
        states: &mut [State],
        unwatched: &[(usize, TracerError)],
    ) {
        let mut entries = watch.entries();
        let mut pace = FIRST_PACE;
        let mut polling = self.read_later(watch, unwatched, pace);
        while self.verdict(states) == Verdict::Open {
            tokio::select! {
                biased;
                entry = entries.next() => {
                    let Ok(entry) = entry else { return };
                    // what was recorded before the devices were read is older than what they said
                    let event = entry.event().filter(|_| entry.sequence >= begun);
                    let Some((event, reading)) = event.and_then(|it| Some((it, it.reading()?))) else {
                        continue;
                    };
                    if let Some(index) = self.subject.position(event) {
                        states[index] = self.judge(Ok(reading.clone()));
                    }
                }
                answers = &mut polling => {
                    for (index, answer) in answers {
                        let polled = states[index].polled + 1;
                        states[index] = State { polled, ..self.judge(answer) };
                    }
                    pace = (pace * 2).min(SLOWEST_PACE);
                    polling = self.read_later(watch, unwatched, pace);
                }
            }
        }
    }

    /// Reads those that can not be watched, after a while; never if there are none, or when the
    /// time is nearly over.
    fn read_later<'a>(
        &'a self,
        watch: &'a Watch,
        unwatched: &'a [(usize, TracerError)],
        pace: Duration,
    ) -> BoxFuture<'a, Vec<(usize, Answer)>> {
        let now = Instant::now();
        // a last time while there is time for an answer
        let last = watch.deadline().checked_sub(FIRST_PACE);
        let moment = match last.map(|last| last.min(now + pace)) {
            Some(moment) if moment > now && !unwatched.is_empty() => moment,
            _ => return Box::pin(pending()),
        };
        Box::pin(async move {
            sleep_until(moment).await;
            let reads = unwatched.iter().filter_map(|(index, _)| {
                let device = self.subject.devices.get(*index)?;
                Some(async move { (*index, self.read(device, watch.deadline()).await) })
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
        let matches = match &last {
            Ok(reading) => self.value.matches(reading),
            Err(_) => Ok(false),
        };
        let verdict = match matches {
            Ok(true) => Verdict::Holds,
            Ok(false) => Verdict::Open,
            Err(_) => Verdict::Fails,
        };
        State {
            last,
            verdict,
            panic: matches.err(),
            polled: 0,
        }
    }

    fn verdict(&self, states: &[State]) -> Verdict {
        self.subject
            .verdict(states.iter().map(|state| state.verdict))
    }

    fn predicate(&self) -> String {
        format!("is {}", self.subject.words(&self.value))
    }

    fn account(&self, states: &[State], unwatched: Vec<(usize, TracerError)>) -> Failure {
        let nearest = states.iter().map(|state| {
            let there = match &state.last {
                _ if state.verdict == Verdict::Holds => return None,
                Ok(reading) => format!("it is {}", self.subject.reading(reading)),
                Err(error) => error.to_string(),
            };
            Some(match (&state.panic, state.polled) {
                (Some(panic), _) => format!("{there}, at which {panic}"),
                (None, 0) => there,
                (None, polled) => format!("{there} (read {polled} times again)"),
            })
        });
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
