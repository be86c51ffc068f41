//! The way of a device's events, with all that can happen to them there.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tango_wire::server::{EventError, EventPublisher, ReadingToServe};
use tango_wire::types::EventKind;
use tokio::runtime::Handle;
use tokio::time::{Instant, sleep_until};

use crate::attribute::Attribute;
use crate::wire_fault::{EventDisorder, EventFault};

/// Later than this is never: clocks do not reach further.
const LATEST: Duration = Duration::from_secs(365 * 86_400);

/// Which fault of a device's events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct EventFaultId(u64);

/// The way of a device's events, with all that can happen to them there.
#[derive(Debug)]
pub(crate) struct EventLine {
    device: Arc<str>,
    events: EventPublisher,
    /// Held while an event is sent, so that they arrive in the order of this room's decisions.
    state: Mutex<State>,
    runtime: Handle,
}

#[derive(Debug, Default)]
struct State {
    faults: Vec<Active>,
    /// How many faults there were.
    count: u64,
    /// What is on its way, in the order in which it was pushed.
    held: Vec<Held>,
}

#[derive(Debug)]
struct Active {
    id: EventFaultId,
    fault: EventFault,
    used: u32,
}

/// An event that is held up.
#[derive(Debug)]
struct Held {
    by: EventFaultId,
    attribute: Attribute,
    reading: ReadingToServe,
    number: u32,
    until: Until,
}

/// Until when an event is held up.
#[derive(Clone, Copy, Debug)]
enum Until {
    NextEvent,
    Moment { due: Instant, overtaken: bool },
}

impl State {
    /// The fault that strikes an event of this attribute.
    fn strike(&mut self, attribute: Attribute) -> Option<(EventFaultId, EventDisorder)> {
        let mut faults = self.faults.iter_mut();
        let index = faults.position(|active| active.fault.concerns(attribute))?;
        let active = self.faults.get_mut(index)?;
        active.used = active.used.saturating_add(1);
        let struck = (active.id, active.fault.disorder());
        let limit = active.fault.limit();
        if limit.is_some_and(|limit| active.used >= limit.get()) {
            self.faults.remove(index);
        }
        Some(struck)
    }

    /// The last event of the attribute that others must wait behind.
    fn last_in_order(&self, attribute: Attribute) -> Option<(EventFaultId, Instant)> {
        last_in_order(&self.held, attribute)
    }

    /// Takes the event that waits for the next one of its attribute.
    fn take_swapped(&mut self, attribute: Attribute) -> Option<Held> {
        let mut held = self.held.iter();
        let index = held.position(|held| {
            held.attribute == attribute && matches!(held.until, Until::NextEvent)
        })?;
        Some(self.held.remove(index))
    }

    /// Takes what a fault holds up. What has to wait behind an event that another one holds up in
    /// order is that one's from now on.
    fn take_of(&mut self, id: EventFaultId) -> Vec<Held> {
        let (mut free, mut kept) = (Vec::new(), Vec::<Held>::new());
        for mut held in std::mem::take(&mut self.held) {
            if held.by != id {
                kept.push(held);
                continue;
            }
            let in_order = !matches!(
                held.until,
                Until::Moment {
                    overtaken: true,
                    ..
                }
            );
            match last_in_order(&kept, held.attribute).filter(|_| in_order) {
                Some((by, due)) => {
                    held.by = by;
                    held.until = Until::Moment {
                        due,
                        overtaken: false,
                    };
                    kept.push(held);
                }
                None => free.push(held),
            }
        }
        self.held = kept;
        free
    }

    /// Takes what need not be held up any longer.
    fn take(&mut self, free: impl Fn(&Held) -> bool) -> Vec<Held> {
        let (free, held) = std::mem::take(&mut self.held).into_iter().partition(free);
        self.held = held;
        free
    }
}

/// The last of these events of the attribute that others must wait behind.
fn last_in_order(held: &[Held], attribute: Attribute) -> Option<(EventFaultId, Instant)> {
    held.iter().rev().find_map(|held| match held.until {
        Until::Moment {
            due,
            overtaken: false,
        } if held.attribute == attribute => Some((held.by, due)),
        _ => None,
    })
}

impl EventLine {
    pub(super) fn new(device: Arc<str>, events: EventPublisher) -> EventLine {
        EventLine {
            device,
            events,
            state: Mutex::default(),
            runtime: Handle::current(),
        }
    }

    /// Begins a fault.
    pub(crate) fn begin(&self, fault: EventFault) -> EventFaultId {
        self.with(|state| {
            state.count += 1;
            let id = EventFaultId(state.count);
            state.faults.push(Active { id, fault, used: 0 });
            id
        })
    }

    /// Ends a fault; what it holds up arrives at once.
    pub(crate) fn end(&self, id: EventFaultId) {
        self.with(|state| {
            state.faults.retain(|active| active.id != id);
            for held in state.take_of(id) {
                self.send_held(held);
            }
        });
    }

    pub(super) fn subscribers(&self, attribute: Attribute) -> usize {
        self.events.subscribers(&self.device, attribute.name())
    }

    /// Sends an event, with all that happens to it.
    pub(super) fn push(self: &Arc<Self>, attribute: Attribute, reading: ReadingToServe) {
        self.with(|state| {
            if let Some(swapped) = state.take_swapped(attribute) {
                self.send_in_order(state, attribute, reading);
                let Held {
                    reading, number, ..
                } = swapped;
                self.send_numbered_in_order(state, attribute, reading, number);
                return;
            }
            match state.strike(attribute) {
                None => self.send_in_order(state, attribute, reading),
                Some((_, EventDisorder::Unsent)) => {}
                Some((_, EventDisorder::Lost)) => {
                    self.take_number(attribute);
                }
                Some((_, EventDisorder::Repeated)) => {
                    self.send_in_order(state, attribute, reading.clone());
                    self.send_in_order(state, attribute, reading);
                }
                Some((_, EventDisorder::Doubled)) => {
                    let number = self.take_number(attribute);
                    self.send_numbered_in_order(state, attribute, reading.clone(), number);
                    self.send_numbered_in_order(state, attribute, reading, number);
                }
                Some((id, EventDisorder::Swapped)) => {
                    let number = self.take_number(attribute);
                    hold(state, id, attribute, reading, number, Until::NextEvent);
                }
                Some((id, EventDisorder::Late { by, overtaken })) => {
                    let until = self.moment_in(state, attribute, by, overtaken);
                    let number = self.take_number(attribute);
                    hold(state, id, attribute, reading, number, until);
                }
            }
        });
    }

    /// Sends an event, unless it has to wait behind others of its attribute.
    fn send_in_order(
        self: &Arc<Self>,
        state: &mut State,
        attribute: Attribute,
        reading: ReadingToServe,
    ) {
        match state.last_in_order(attribute) {
            Some(_) => {
                let number = self.take_number(attribute);
                self.send_numbered_in_order(state, attribute, reading, number);
            }
            None => self.send(attribute, reading),
        }
    }

    /// The same with an event that has its number.
    fn send_numbered_in_order(
        self: &Arc<Self>,
        state: &mut State,
        attribute: Attribute,
        reading: ReadingToServe,
        number: u32,
    ) {
        match state.last_in_order(attribute) {
            Some((id, _)) => {
                let until = self.moment_in(state, attribute, Duration::ZERO, false);
                hold(state, id, attribute, reading, number, until);
            }
            None => self.send_as(attribute, reading, number),
        }
    }

    /// When an event is due that comes late; wakes up then.
    fn moment_in(
        self: &Arc<Self>,
        state: &State,
        attribute: Attribute,
        by: Duration,
        overtaken: bool,
    ) -> Until {
        let due = Instant::now() + by.min(LATEST);
        let before = state.last_in_order(attribute).map(|(_, before)| before);
        let due = match before {
            Some(before) if !overtaken => due.max(before),
            _ => due,
        };
        let line = Arc::downgrade(self);
        self.runtime.spawn(async move {
            sleep_until(due).await;
            if let Some(line) = line.upgrade() {
                line.send_due();
            }
        });
        Until::Moment { due, overtaken }
    }

    fn send_due(&self) {
        self.with(|state| {
            let now = Instant::now();
            let is_due =
                |held: &Held| matches!(held.until, Until::Moment { due, .. } if due <= now);
            for held in state.take(is_due) {
                self.send_held(held);
            }
        });
    }

    fn send(&self, attribute: Attribute, reading: ReadingToServe) {
        let pushed = self
            .events
            .push_reading(&self.device, attribute.name(), reading);
        self.check(attribute, pushed);
    }

    fn send_held(&self, held: Held) {
        self.send_as(held.attribute, held.reading, held.number);
    }

    fn send_as(&self, attribute: Attribute, reading: ReadingToServe, number: u32) {
        let kind = EventKind::Change;
        let pushed =
            self.events
                .push_numbered(kind, &self.device, attribute.name(), reading, number);
        self.check(attribute, pushed);
    }

    fn take_number(&self, attribute: Attribute) -> u32 {
        let kind = EventKind::Change;
        let taken = self
            .events
            .take_number(kind, &self.device, attribute.name());
        let number = taken.as_ref().copied().unwrap_or_default();
        self.check(attribute, taken.map(drop));
        number
    }

    fn check(&self, attribute: Attribute, pushed: Result<(), EventError>) {
        if let Err(error) = pushed {
            // every attribute is declared with the type that is pushed: a mistake of this crate
            tracing::error!(device = %self.device, %attribute, %error, "event not sent");
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn hold(
    state: &mut State,
    by: EventFaultId,
    attribute: Attribute,
    reading: ReadingToServe,
    number: u32,
    until: Until,
) {
    state.held.push(Held {
        by,
        attribute,
        reading,
        number,
        until,
    });
}
