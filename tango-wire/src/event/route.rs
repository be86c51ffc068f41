//! The way of one subscription's events from the connection to its handler.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    EventHandler, EventNotice,
    counter::{Counter, Loss},
    message::EventMessage,
};
use crate::types::{AttributeReading, DevFailed};

/// Orders the events of one subscription.
///
/// While a subscription is being made, events are held back, since the value that it begins with
/// must come first. Of those held back, the ones not later than the value that was read (by the
/// server's clock, which stamped both) led to it: the first of them is the value to begin with, the
/// others follow, and so does the value read unless the last of them brought it already. Thus
/// nothing is lost, and nothing goes back to an older value.
pub(super) struct Route {
    handler: Arc<dyn EventHandler>,
    state: Mutex<State>,
}

struct State {
    phase: Phase,
    counter: Counter,
}

enum Phase {
    /// The subscription is being made: events wait for the value to be read.
    Settling(Vec<EventMessage>),
    Live,
    /// The subscriber is gone, and is told nothing any more.
    Closed,
}

impl fmt::Debug for Route {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Route").finish_non_exhaustive()
    }
}

impl Route {
    pub(super) fn new(handler: Arc<dyn EventHandler>) -> Self {
        Self {
            handler,
            state: Mutex::new(State {
                phase: Phase::Settling(Vec::new()),
                counter: Counter::default(),
            }),
        }
    }

    /// Begins to hold events back, on a new connection.
    pub(super) fn begin(&self) {
        let mut state = self.state();
        if !matches!(state.phase, Phase::Closed) {
            state.phase = Phase::Settling(Vec::new());
            state.counter = Counter::default();
        }
    }

    /// Takes the next event from the connection.
    pub(super) fn take(&self, event: EventMessage) {
        let mut state = self.state();
        match &mut state.phase {
            Phase::Settling(held) => held.push(event),
            Phase::Live => self.hand_over(&mut state.counter, event),
            Phase::Closed => {}
        }
    }

    /// Ends the holding back with the value that was read: `told` says what it is to the handler.
    pub(super) fn settle(
        &self,
        read: Result<AttributeReading, DevFailed>,
        told: impl FnOnce(AttributeReading) -> EventNotice,
    ) {
        let mut state = self.state();
        let Phase::Settling(held) = &mut state.phase else {
            return;
        };
        let held = std::mem::take(held);
        state.phase = Phase::Live;
        let reading = match read {
            Ok(reading) => reading,
            Err(error) => {
                self.handler.handle(EventNotice::Error(error));
                for event in held {
                    self.hand_over(&mut state.counter, event);
                }
                return;
            }
        };
        let led_to_it = |event: &EventMessage| {
            let content = event.content.as_ref();
            content.is_ok_and(|content| content.time <= reading.time)
        };
        let count = held.iter().rposition(led_to_it).map_or(0, |last| last + 1);
        let mut held = held.into_iter();
        let mut told = Some(told);
        let mut last = None;
        for event in held.by_ref().take(count) {
            if let Ok(value) = &event.content {
                last = Some(value.value.clone());
                if let Some(told) = told.take() {
                    state.counter.observe(event.counter);
                    self.handler.handle(told(value.clone()));
                    continue;
                }
            }
            self.hand_over(&mut state.counter, event);
        }
        match told {
            Some(told) => self.handler.handle(told(reading)),
            None if last.as_ref() == Some(&reading.value) => {}
            None => self.handler.handle(EventNotice::Change(reading)),
        }
        for event in held {
            self.hand_over(&mut state.counter, event);
        }
    }

    /// Says that an event came which could not be understood.
    pub(super) fn lose_one(&self, reason: String) {
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
    pub(super) fn tell(&self, notice: EventNotice) {
        let state = self.state();
        if !matches!(state.phase, Phase::Closed) {
            self.handler.handle(notice);
        }
    }

    /// Says nothing any more. When this returns, the handler is not running and will not be called.
    pub(super) fn close(&self) {
        self.state().phase = Phase::Closed;
    }

    fn hand_over(&self, counter: &mut Counter, event: EventMessage) {
        match counter.observe(event.counter) {
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
        self.handler.handle(match event.content {
            Ok(reading) => EventNotice::Change(reading),
            Err(error) => EventNotice::Error(error),
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
