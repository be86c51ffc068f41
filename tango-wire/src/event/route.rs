//! The way of one subscription's events from the connection to its handler.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use super::{
    EventHandler, EventNotice,
    counter::{Counter, Loss},
    message::EventMessage,
};
use crate::types::{AttributeReading, DevFailed};

/// Orders the events of one subscription.
///
/// While a subscription is being made, events are held back, since the value read at its end must
/// come first. Of those held back, the ones that are older than that value (by the server's clock,
/// which stamped both) are part of it and dropped; so is one of the same time and value.
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
        let newest = read
            .as_ref()
            .ok()
            .map(|reading| (reading.time, reading.value.clone()));
        self.handler.handle(match read {
            Ok(reading) => told(reading),
            Err(error) => EventNotice::Error(error),
        });
        for event in held {
            if newest
                .as_ref()
                .is_none_or(|newest| is_after(&event, newest))
            {
                self.hand_over(&mut state.counter, event);
            } else {
                state.counter.observe(event.counter);
            }
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

fn is_after(event: &EventMessage, (time, value): &(SystemTime, crate::types::Value)) -> bool {
    match &event.content {
        Ok(reading) => reading.time > *time || (reading.time == *time && reading.value != *value),
        // an error has no time of its own; rather told once too often than not at all
        Err(_) => true,
    }
}

#[cfg(test)]
mod tests;
