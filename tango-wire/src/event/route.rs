//! The way of one subscription's events from the connection to its handler.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    EventHandler, EventNotice,
    content::EventContent,
    counter::{Counter, Loss},
    holding::Holding,
    message::decode,
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

    /// Takes nothing and says nothing any more. When this returns, the handler is not running and
    /// will not be called.
    fn close(&self);
}

/// Orders the events of one subscription: holds them back while it is being made, then hands
/// them over as they come.
pub(super) struct Route<T: EventContent> {
    kind: EventKind,
    handler: Arc<dyn EventHandler<T, T::Current>>,
    state: Mutex<State<T>>,
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
            Err(error) => self.lose_one(format!("an event could not be decoded: {error}")),
        }
    }

    fn close(&self) {
        self.state().phase = Phase::Closed;
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
        }
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
                self.handler.handle(told(settled.first));
                self.tell_dropped(dropped);
                for (counter, content) in settled.then {
                    self.hand_over(&mut state.counter, counter, content);
                }
            }
            Err(error) => {
                self.handler.handle(EventNotice::Error(error));
                self.tell_dropped(dropped);
                for event in held {
                    self.hand_over(&mut state.counter, Some(event.counter), event.content);
                }
            }
        }
    }

    /// Says that events came for which there was no room while the value was being read. They are
    /// older than all that were held back, but some may be newer than the value: so this stands
    /// right behind what the subscription begins with.
    fn tell_dropped(&self, dropped: u64) {
        if dropped > 0 {
            self.handler.handle(EventNotice::Gap {
                missed: Some(dropped),
                reason: "too many events came while the value was being read".to_owned(),
            });
        }
    }

    /// Says that an event came which could not be understood.
    fn lose_one(&self, reason: String) {
        let state = self.state();
        match state.phase {
            // the value is still to be read: nothing is missing yet
            Phase::Settling(_) | Phase::Closed => {}
            Phase::Live => self.handler.handle(EventNotice::Gap {
                missed: Some(1),
                reason,
            }),
        }
    }

    /// Hands a notice over that did not come from the connection.
    pub(super) fn tell(&self, notice: EventNotice<T, T::Current>) {
        let state = self.state();
        if !matches!(state.phase, Phase::Closed) {
            self.handler.handle(notice);
        }
    }

    fn hand_over(&self, counter: &mut Counter, count: Option<u32>, content: Result<T, DevFailed>) {
        match count.map_or(Loss::None, |count| counter.observe(count)) {
            Loss::None => {}
            Loss::Missed(missed) => self.handler.handle(EventNotice::Gap {
                missed: Some(missed),
                reason: "the server's event counter jumped".to_owned(),
            }),
            Loss::Restarted => self.handler.handle(EventNotice::Gap {
                missed: None,
                reason: "the server's event counter began anew".to_owned(),
            }),
        }
        self.handler.handle(match content {
            Ok(content) => EventNotice::Event(content),
            Err(error) => EventNotice::Error(error),
        });
    }

    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
