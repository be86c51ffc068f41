//! One device of a fleet: what is heard of it, and what is sent to it.

use std::fmt::{self, Debug, Formatter};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use harness_core::device::{Device, DeviceError, EventSink, Subscription};
use harness_core::event::Signal;
use harness_core::value::Value;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::conservation::Conservation;
use super::history::{Mark, text_of};
use super::replies::{Answer, Endings, Replies};
use super::rules::Rules;
use super::telling;
use super::watch::{Awaited, Awaiting, Taken, Watch};
use crate::load::engine::Recorder;

/// What a fleet knows of all its devices.
pub(super) struct Charter {
    pub(super) state: String,
    pub(super) replies: Box<dyn Replies>,
    pub(super) endings: Option<Box<dyn Endings>>,
    pub(super) rules: Option<Rules>,
    pub(super) recorder: Recorder,
    /// Whether nobody else sends commands: then one that is interrupted was so by a user.
    pub(super) alone: bool,
}

/// One device of a fleet.
pub(super) struct Station {
    pub(super) device: Arc<dyn Device>,
    pub(super) charter: Arc<Charter>,
    /// Whether its changes are told, and not by another part of the load.
    pub(super) is_told: bool,
    deaf: OnceLock<DeviceError>,
    watch: Mutex<Watch>,
    /// Something was heard.
    news: Notify,
}

/// What came of a command.
#[derive(Debug)]
pub(super) struct Sent {
    /// The state of the device before it.
    pub(super) from: Option<Arc<str>>,
    /// What is news after it.
    pub(super) mark: Mark,
    /// Which one it was of all that were sent to the device.
    pub(super) number: u64,
    pub(super) begun: Instant,
    pub(super) ended: Instant,
    pub(super) answer: Answer,
}

impl Sent {
    /// The command, if the device has given it a name.
    pub(super) fn taken(&self) -> Option<Taken<'_>> {
        let id = self.answer.id.as_deref()?;
        let number = self.number;
        Some(Taken { id, number })
    }
}

impl Station {
    pub(super) fn new(
        device: Arc<dyn Device>,
        charter: Arc<Charter>,
        is_told: bool,
    ) -> Arc<Station> {
        Arc::new(Station {
            device,
            charter,
            is_told,
            deaf: OnceLock::new(),
            watch: Mutex::default(),
            news: Notify::new(),
        })
    }

    pub(super) fn name(&self) -> &str {
        self.device.name()
    }

    fn watch(&self) -> MutexGuard<'_, Watch> {
        // what was heard before a panic elsewhere was heard
        self.watch.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state is not pushed as events, as this error says.
    pub(super) fn is_deaf(&self, error: DeviceError) {
        let _ = self.deaf.set(error);
    }

    /// Why the state is not known, if it is not pushed.
    pub(super) fn deaf(&self) -> Option<&DeviceError> {
        self.deaf.get()
    }

    /// Holds changes against commands from now on.
    pub(super) fn conserve(&self, conservation: Conservation) {
        self.watch().conservation = Some(conservation);
    }

    /// The state now, if it is known.
    pub(super) fn state(&self) -> Option<Arc<str>> {
        self.watch().state.now().map(|it| Arc::clone(&it.value))
    }

    /// What is news of an attribute other than the state from now on.
    pub(super) fn mark_of(&self, attribute: &str) -> Mark {
        self.watch().other(attribute).mark()
    }

    /// Listens to the state.
    pub(super) async fn hear_state(self: &Arc<Self>) -> Result<Subscription, DeviceError> {
        let station = Arc::downgrade(self);
        let sink = heard_by(station, |station, signal| station.take_state(signal));
        self.device.subscribe(&self.charter.state, sink).await
    }

    /// Listens to another attribute.
    pub(super) async fn hear(
        self: &Arc<Self>,
        attribute: &str,
    ) -> Result<Subscription, DeviceError> {
        self.watch().other(attribute);
        let name = attribute.to_owned();
        let sink = heard_by(Arc::downgrade(self), move |station, signal| {
            station.take_other(&name, signal);
        });
        self.device.subscribe(attribute, sink).await
    }

    /// Listens to how commands end.
    pub(super) async fn hear_ends(
        self: &Arc<Self>,
        attribute: &str,
    ) -> Result<Subscription, DeviceError> {
        let name = attribute.to_owned();
        let sink = heard_by(Arc::downgrade(self), move |station, signal| {
            station.take_ends(&name, signal);
        });
        self.device.subscribe(attribute, sink).await
    }

    fn take_state(&self, signal: &Signal) {
        let recorder = &self.charter.recorder;
        let Some(reading) = signal.reading() else {
            self.watch().lose();
            if self.is_told && !matches!(signal, Signal::StillLost { .. }) {
                recorder.gap();
            }
            return;
        };
        let (at, value) = (Instant::now(), text_of(&reading.value));
        let mut watch = self.watch();
        let before = watch.state.hear(Arc::clone(&value), at);
        let mut unknown = false;
        if let (Some(before), Some(rules)) = (&before, &self.charter.rules) {
            match rules.step(&before.value, &value) {
                None => {
                    unknown = true;
                    watch.forget();
                }
                Some(step) if !rules.steps[step].commands.is_empty() => {
                    if let Some(conservation) = &mut watch.conservation {
                        conservation.changed(step, before.at, at);
                    }
                }
                Some(_) => {}
            }
        }
        drop(watch);
        self.news.notify_waiters();
        if let Some(before) = before {
            let lasted = at.saturating_duration_since(before.at);
            if self.is_told {
                recorder.transition(&before.value, &value, Some(lasted));
            }
            if unknown && self.is_told {
                let words = telling::unknown_step(&before.value, &value);
                recorder.violation(self.name(), words);
            }
        }
    }

    fn take_other(&self, attribute: &str, signal: &Signal) {
        let mut watch = self.watch();
        let history = watch.other(attribute);
        match signal.reading() {
            Some(reading) => _ = history.hear(text_of(&reading.value), Instant::now()),
            None => history.lose(),
        }
        drop(watch);
        self.news.notify_waiters();
    }

    fn take_ends(&self, attribute: &str, signal: &Signal) {
        let Some(endings) = &self.charter.endings else {
            return;
        };
        let Some(reading) = signal.reading() else {
            return self.watch().forget();
        };
        let ended = endings.ended(attribute, &reading.value);
        if ended.is_empty() {
            return;
        }
        let (at, rules) = (Instant::now(), self.charter.rules.as_ref());
        let mut watch = self.watch();
        for ending in ended {
            if let (Some(conservation), Some(rules)) = (&mut watch.conservation, rules) {
                conservation.ended(rules, &ending.id, ending.class, at);
            }
            watch.remember(ending);
        }
        drop(watch);
        self.news.notify_waiters();
    }

    /// Sends a command for a user, and says what came of it.
    pub(super) async fn send(&self, command: &str, argument: Value, user: u64) -> Sent {
        let rules = self.charter.rules.as_ref();
        let number = rules.and_then(|it| it.command(command));
        let begun;
        let (from, mark, number_sent, claim) = {
            let mut watch = self.watch();
            watch.sent += 1;
            begun = Instant::now();
            let from = watch.state.now().map(|it| Arc::clone(&it.value));
            let doubtful = from.is_none();
            let conservation = watch.conservation.as_mut();
            let claim = number
                .zip(conservation)
                .map(|(command, it)| it.sent(command, user, begun, doubtful));
            (from, watch.state.mark(), watch.sent, claim)
        };
        let flight = claim.map(|claim| Flight {
            station: self,
            claim,
        });
        let outcome = self.device.command(command, argument).await;
        let ended = Instant::now();
        let answer = self.charter.replies.answer(command, outcome.as_ref());
        if let Some(flight) = flight {
            flight.landed(&answer, ended);
        }
        Sent {
            from,
            mark,
            number: number_sent,
            begun,
            ended,
            answer,
        }
    }

    /// Waits for a value of an attribute.
    pub(super) async fn wait(
        &self,
        awaiting: &Awaiting<'_>,
        is_it: impl Fn(&str) -> bool,
    ) -> Awaited {
        let looking = async {
            loop {
                let news = self.news.notified();
                tokio::pin!(news);
                // from here on nothing is missed
                news.as_mut().enable();
                if let Some(awaited) = self.watch().look(awaiting, &is_it, self.charter.alone) {
                    return awaited;
                }
                news.await;
            }
        };
        match timeout_at(Instant::now() + awaiting.within, looking).await {
            Ok(awaited) => awaited,
            Err(_) => {
                let mut watch = self.watch();
                let history = watch.of(awaiting.attribute);
                Awaited::Late(history.now().map(|it| Arc::clone(&it.value)))
            }
        }
    }

    /// Tells what nothing explains by now.
    pub(super) fn examine(&self) {
        let Some(rules) = &self.charter.rules else {
            return;
        };
        let mut watch = self.watch();
        let since = watch.state.now().map(|it| it.at);
        let Some(conservation) = &mut watch.conservation else {
            return;
        };
        let found = conservation.examine(rules, Instant::now(), since);
        drop(watch);
        let recorder = &self.charter.recorder;
        if let Some(contradiction) = found {
            let words = telling::contradiction(&contradiction, rules, recorder);
            recorder.violation(self.name(), words);
        }
    }

    /// Whether everything that was sent is accounted for.
    pub(super) fn is_settled(&self) -> bool {
        let watch = self.watch();
        let conservation = watch.conservation.as_ref();
        conservation.is_none_or(Conservation::is_settled)
    }
}

/// Takes signals to a station for as long as there is one.
fn heard_by(
    station: Weak<Station>,
    take: impl Fn(&Station, &Signal) + Send + Sync + 'static,
) -> Arc<dyn EventSink> {
    Arc::new(move |signal: Signal| {
        if let Some(station) = station.upgrade() {
            take(&station, &signal);
        }
    })
}

/// A command under way; dropped with it, when nobody waits for its reply any more.
struct Flight<'a> {
    station: &'a Station,
    claim: u64,
}

impl Flight<'_> {
    fn landed(self, answer: &Answer, at: Instant) {
        let Some(rules) = &self.station.charter.rules else {
            return;
        };
        if let Some(conservation) = &mut self.station.watch().conservation {
            let id = answer.id.as_deref();
            conservation.answered(rules, self.claim, answer.class, id, at);
        }
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        if let Some(conservation) = &mut self.station.watch().conservation {
            // one that has landed is not given up
            conservation.given_up(self.claim);
        }
    }
}

impl Debug for Station {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.debug_struct("Station")
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}
