//! The devices of a world, what they say to each other, and the time that passes for them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::Instant;

use super::agenda::Agenda;
use super::clock::Clock;
use crate::attribute::Attribute;
use crate::device::{Client, DeviceId, Message, SimulatedDevice};

/// A thousand years: how far the clock is turned at once. Without a limit it would overflow.
const LONGEST: Duration = Duration::from_secs(1000 * 366 * 86_400);

/// The devices of a world, what they say to each other, and the time that passes for them.
#[derive(Debug)]
pub(crate) struct World {
    devices: Vec<SimulatedDevice>,
    by_name: HashMap<Arc<str>, DeviceId>,
    listeners: HashMap<(DeviceId, Attribute), Vec<DeviceId>>,
    messages: UnboundedReceiver<Message>,
    agenda: Agenda,
    clock: Clock,
}

impl World {
    pub(super) fn new(
        devices: Vec<SimulatedDevice>,
        listeners: HashMap<(DeviceId, Attribute), Vec<DeviceId>>,
        messages: UnboundedReceiver<Message>,
        clock: Clock,
    ) -> World {
        let by_name = devices
            .iter()
            .map(|device| (device.name().to_ascii_lowercase().into(), device.id()))
            .collect();
        World {
            devices,
            by_name,
            listeners,
            messages,
            agenda: Agenda::default(),
            clock,
        }
    }

    /// The devices, in the order of their numbers.
    pub(super) fn devices(&self) -> &[SimulatedDevice] {
        &self.devices
    }

    /// The device of that name, in any case of letters.
    pub(super) fn find(&self, name: &str) -> Option<DeviceId> {
        self.by_name.get(&*name.to_ascii_lowercase()).copied()
    }

    pub(super) fn device(&self, id: DeviceId) -> Option<&SimulatedDevice> {
        self.devices.get(usize::try_from(id.0).ok()?)
    }

    fn device_mut(&mut self, id: DeviceId) -> Option<&mut SimulatedDevice> {
        self.devices.get_mut(usize::try_from(id.0).ok()?)
    }

    /// Whether time passes only as a tester lets it.
    pub(super) const fn has_manual_clock(&self) -> bool {
        self.clock.is_manual()
    }

    /// The moment at which something is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.agenda.first().map(|(due, _)| due)
    }

    /// The moment of tokio's clock at which something is due, unless a tester turns the clock.
    pub(super) fn next_wake(&self) -> Option<Instant> {
        self.clock.when(self.next_due()?)
    }

    /// Does something with a device at the present moment, after all that is due by now, and then
    /// all that follows from it.
    pub(crate) fn with<T>(
        &mut self,
        id: DeviceId,
        act: impl FnOnce(&mut SimulatedDevice, Instant) -> T,
    ) -> Option<T> {
        let now = self.clock.now();
        self.advance_to(now);
        let done = act(self.device_mut(id)?, now);
        self.enter(id);
        self.exchange(now);
        Some(done)
    }

    /// Does all that is due by now.
    pub(super) fn advance(&mut self) {
        self.advance_to(self.clock.now());
    }

    /// Lets time pass: does all that comes due, each thing at its moment.
    pub(super) fn pass(&mut self, time: Duration) {
        let until = self.clock.now() + time.min(LONGEST);
        self.advance_to(until);
        self.clock.skip_to(until);
    }

    /// Testers have changed how transitions go: looks what is due now.
    pub(super) fn look_again(&mut self) {
        let now = self.clock.now();
        self.advance_to(now);
        for index in 0..u32::try_from(self.devices.len()).unwrap_or(u32::MAX) {
            self.look_at(DeviceId(index), now, now);
        }
    }

    fn advance_to(&mut self, now: Instant) {
        while let Some((due, id)) = self.agenda.first().filter(|(due, _)| *due <= now) {
            self.look_at(id, due, now);
        }
    }

    /// Looks at a device as of a moment, while time passes until another.
    fn look_at(&mut self, id: DeviceId, moment: Instant, until: Instant) {
        if let Some(device) = self.device_mut(id) {
            device.advance_on_the_way(moment, until);
        }
        self.enter(id);
        self.exchange(moment);
    }

    fn enter(&mut self, id: DeviceId) {
        if let Some(device) = self.device(id) {
            self.agenda.enter(id, device.next_due());
        }
    }

    /// Delivers messages, in the order in which they were sent, until none is left. All of it
    /// happens at the same moment.
    fn exchange(&mut self, now: Instant) {
        while let Ok(message) = self.messages.try_recv() {
            match message {
                Message::Command {
                    from,
                    to,
                    errand,
                    job,
                    argument,
                } => {
                    let client = Client {
                        device: from,
                        errand,
                    };
                    self.tell(to, |device| {
                        device.take_errand(client, job, &argument, now);
                    });
                }
                Message::Ended { to, errand, ending } => {
                    self.tell(to, |device| device.errand_ended(errand, ending, now));
                }
                Message::Changed {
                    from,
                    attribute,
                    value,
                } => {
                    let listeners = self.listeners.get(&(from, attribute)).cloned();
                    for listener in listeners.unwrap_or_default() {
                        self.tell(listener, |device| {
                            device.hear(from, attribute, &value, now);
                        });
                    }
                }
            }
        }
    }

    fn tell(&mut self, to: DeviceId, say: impl FnOnce(&mut SimulatedDevice)) {
        if let Some(device) = self.device_mut(to) {
            say(device);
        }
        self.enter(to);
    }
}
