//! Puts a world together.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::broadcast;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::clock::Clock;
use super::population::World;
use crate::attribute::{Attribute, AttributePort};
use crate::device::{
    DeviceChange, DeviceId, DeviceSettings, Kind, Message, Outlet, SimulatedDevice, WorldLines,
};

/// How many changes an observer may be behind before it misses some.
const CHANGES_KEPT: usize = 4096;

/// A world that is being put together.
#[derive(Debug)]
pub(crate) struct WorldBuilder {
    devices: Vec<SimulatedDevice>,
    listeners: HashMap<(DeviceId, Attribute), Vec<DeviceId>>,
    lines: WorldLines,
    messages: UnboundedReceiver<Message>,
    clock: Clock,
}

impl WorldBuilder {
    pub(crate) fn new() -> WorldBuilder {
        let (sender, messages) = unbounded_channel();
        let (changes, _) = broadcast::channel(CHANGES_KEPT);
        WorldBuilder {
            devices: Vec::new(),
            listeners: HashMap::new(),
            lines: WorldLines {
                messages: sender,
                changes,
            },
            messages,
            clock: Clock::new(),
        }
    }

    /// A tester turns the clock.
    pub(crate) fn with_manual_clock(mut self) -> WorldBuilder {
        self.clock = Clock::manual();
        self
    }

    /// Where observers hear of changes.
    pub(crate) fn changes(&self) -> broadcast::Sender<DeviceChange> {
        self.lines.changes.clone()
    }

    /// The number that the next device gets.
    fn next_id(&self) -> DeviceId {
        DeviceId(u32::try_from(self.devices.len()).unwrap_or(u32::MAX))
    }

    /// Adds a device.
    pub(crate) fn add(
        &mut self,
        name: Arc<str>,
        settings: DeviceSettings,
        kind: Box<dyn Kind>,
        wire: Arc<dyn AttributePort>,
    ) -> DeviceId {
        let id = self.next_id();
        let outlet = Outlet::within(self.lines.clone(), id, Arc::clone(&name), wire);
        self.devices
            .push(SimulatedDevice::new(name, settings, kind, outlet));
        id
    }

    /// Adds a device that was made alone; it says nothing to others.
    #[cfg(test)]
    pub(crate) fn with_lone_device(mut self, device: SimulatedDevice) -> WorldBuilder {
        self.devices.push(device);
        self
    }

    /// One device learns how an attribute of another is, now and at every change.
    pub(crate) fn listen(&mut self, listener: DeviceId, to: DeviceId, attribute: Attribute) {
        self.listeners
            .entry((to, attribute))
            .or_default()
            .push(listener);
        let index = |id: DeviceId| usize::try_from(id.0).unwrap_or(usize::MAX);
        let pair = self.devices.get_disjoint_mut([index(listener), index(to)]);
        if let Ok([listener, other]) = pair {
            listener.introduce(other, attribute);
        }
    }

    /// The world, as it begins.
    pub(crate) fn build(mut self) -> World {
        // what they said while they were introduced to each other is known to all
        while self.messages.try_recv().is_ok() {}
        World::new(self.devices, self.listeners, self.messages, self.clock)
    }
}
