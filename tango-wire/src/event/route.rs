//! The way of one subscription's events from the connection to its handler.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, ThreadId},
};

use super::{
    EventHandler, EventNotice,
    content::EventContent,
    counter::{Counter, Loss},
    holding::Holding,
    message::{counter, decode},
    settling::Held,
};
use crate::{
    types::{DevFailed, EventKind},
    zmtp::Message,
};

/// Where an event connection puts the events of a topic.
pub(super) trait EventSink: fmt::Debug + Send + Sync {
    /// Takes the next event from the connection.
    fn take(&self, message: &Message);

    /// Takes nothing and says nothing any more. When this returns, the handler will not be called,
    /// and is not running unless this was called by it.
    fn close(&self);
}

/// Orders the events of one subscription: holds them back while it is being made, then hands
/// them over as they come.
pub(super) struct Route<T: EventContent> {
    kind: EventKind,
    handler: Arc<dyn EventHandler<T, T::Current>>,
    state: Mutex<State<T>>,
    /// The thread in which the handler runs now, if it does.
    handling: Mutex<Option<ThreadId>>,
    /// Set at once by the end of the subscription, also from within its handler.
    closed: AtomicBool,
}

struct State<T> {
    phase: Phase<T>,
    counter: Counter,
}

enum Phase<T> {
    /// The subscription is being made: events wait for the value to be read.
    Settling(Holding<T>),
    Live,
    /// The subscriber is gone, and is told nothing any more.
    Closed,
}

impl<T: EventContent> fmt::Debug for Route<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Route")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl<T: EventContent> EventSink for Route<T> {
    fn take(&self, message: &Message) {
        match decode(message) {
            Ok(event) => self.take_event(event, message.memory()),
            Err(error) => {
                let reason = format!("an event could not be decoded: {error}");
                self.lose_one(counter(message), reason);
            }
        }
    }

    fn close(&self) {
        self.closed.store(true, Ordering::Release);
        let handling = *self.handling.lock().unwrap_or_else(PoisonError::into_inner);
        // the handler's own thread holds the state, and would wait for itself
        if handling != Some(thread::current().id()) {
            self.state().phase = Phase::Closed;
        }
    }
}

impl<T: EventContent> Route<T> {
    pub(super) fn new(kind: EventKind, handler: Arc<dyn EventHandler<T, T::Current>>) -> Self {
        Self {
            kind,
            handler,
            state: Mutex::new(State {
                phase: Phase::Settling(Holding::default()),
                counter: Counter::default(),
            }),
            handling: Mutex::default(),
            closed: AtomicBool::new(false),
        }
    }

    /// Says that the connection was lost. What is still on its way from there is left out: the
    /// gap that will be told stands for it.
    pub(super) fn lose(&self, reason: String) {
        let mut state = self.state();
        if !matches!(state.phase, Phase::Closed) {
            state.phase = Phase::Settling(Holding::default());
            self.tell_handler(EventNotice::Lost { reason });
        }
    }

    /// Calls the handler, with the state locked.
    fn tell_handler(&self, notice: EventNotice<T, T::Current>) {
        if self.closed.load(Ordering::Acquire) {
            return;
        }
        // also undone by a panic of the handler
        let _handling = Handling::begin(&self.handling);
        self.handler.handle(notice);
    }

    /// Begins to hold events back, on a new connection.
    pub(super) fn begin(&self) {
        let mut state = self.state();
        if !matches!(state.phase, Phase::Closed) {
            state.phase = Phase::Settling(Holding::default());
            state.counter = Counter::default();
        }
    }

    /// Takes an event that came in a message of so many octets.
    fn take_event(&self, event: Held<T>, octets: usize) {
        let mut state = self.state();
        match &mut state.phase {
            Phase::Settling(held) => held.push(event, octets),
            Phase::Live => self.hand_over(&mut state.counter, Some(event.counter), event.content),
            Phase::Closed => {}
        }
    }

    /// Ends the holding back with what was read: `told` says what it is to the handler.
    pub(super) fn settle(
        &self,
        read: Result<T::Current, DevFailed>,
        told: impl FnOnce(T::Current) -> EventNotice<T, T::Current>,
    ) {
        let mut state = self.state();
        let Phase::Settling(held) = &mut state.phase else {
            return;
        };
        let (held, dropped) = held.take();
        state.phase = Phase::Live;
        match read {
            Ok(current) => {
                let settled = T::settle(self.kind, held, current);
                if let Some(counter) = settled.counter {
                    state.counter.observe(counter);
                }
                self.tell_handler(told(settled.first));
                self.tell_dropped(dropped);
                for (counter, content) in settled.then {
                    self.hand_over(&mut state.counter, counter, content);
                }
            }
            Err(error) => {
                self.tell_handler(EventNotice::Error(error));
                self.tell_dropped(dropped);
                for event in held {
                    self.hand_over(&mut state.counter, Some(event.counter), event.content);
                }
            }
        }
    }

    /// Says that events came while the value was being read for which there was no room, or that
    /// could not be understood. Some may be newer than the value: so this stands right behind what
    /// the subscription begins with.
    fn tell_dropped(&self, dropped: u64) {
        if dropped > 0 {
            self.tell_handler(EventNotice::Gap {
                missed: Some(dropped),
                reason: "while the value was being read, more events came than could be held or \
                         understood"
                    .to_owned(),
            });
        }
    }

    /// Says that an event came which could not be understood. Its count, if it has one, is not
    /// missed again by the next event.
    fn lose_one(&self, count: Option<u32>, reason: String) {
        let mut state = self.state();
        match &mut state.phase {
            // it may be newer than the value that is being read
            Phase::Settling(held) => held.lose(),
            Phase::Live => {
                let loss = count.map_or(Loss::None, |count| state.counter.observe(count));
                let missed = match loss {
                    Loss::None => Some(1),
                    Loss::Missed(before) => Some(before + 1),
                    Loss::Restarted => None,
                };
                self.tell_handler(EventNotice::Gap { missed, reason });
            }
            Phase::Closed => {}
        }
    }

    /// Hands a notice over that did not come from the connection.
    pub(super) fn tell(&self, notice: EventNotice<T, T::Current>) {
        let state = self.state();
        if !matches!(state.phase, Phase::Closed) {
            self.tell_handler(notice);
        }
    }

    fn hand_over(&self, counter: &mut Counter, count: Option<u32>, content: Result<T, DevFailed>) {
        match count.map_or(Loss::None, |count| counter.observe(count)) {
            Loss::None => {}
            Loss::Missed(missed) => self.tell_handler(EventNotice::Gap {
                missed: Some(missed),
                reason: "the server's event counter jumped".to_owned(),
            }),
            Loss::Restarted => self.tell_handler(EventNotice::Gap {
                missed: None,
                reason: "the server's event counter began anew".to_owned(),
            }),
        }
        self.tell_handler(match content {
            Ok(content) => EventNotice::Event(content),
            Err(error) => EventNotice::Error(error),
        });
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Names the thread that runs the handler, until dropped.
struct Handling<'a>(&'a Mutex<Option<ThreadId>>);

impl<'a> Handling<'a> {
    fn begin(handling: &'a Mutex<Option<ThreadId>>) -> Self {
        *handling.lock().unwrap_or_else(PoisonError::into_inner) = Some(thread::current().id());
        Self(handling)
    }
}

impl Drop for Handling<'_> {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

#[cfg(test)]
mod tests;
