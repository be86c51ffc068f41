//! Where the changes of a device go: the wire, the other devices of its world, and observers.

use std::fmt;
use std::sync::Arc;

use tokio::sync::{broadcast, mpsc};

use super::Message;
use crate::attribute::{Attribute, AttributePort, AttributeValue};

/// Which device of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct DeviceId(pub(crate) u32);

/// A change of an attribute of a device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceChange {
    /// The name of the device.
    pub device: Arc<str>,
    /// What changed.
    pub attribute: Attribute,
    /// What it is now.
    pub value: AttributeValue,
}

/// What other devices may listen to.
const HEARD: &[Attribute] = &[
    Attribute::State,
    Attribute::AdminMode,
    Attribute::HealthState,
    Attribute::ObsState,
    Attribute::CspSubarrayObsState,
    Attribute::SdpSubarrayObsState,
    Attribute::MccsSubarrayObsState,
    Attribute::IsSubsystemAvailable,
    Attribute::DishMode,
    Attribute::PointingState,
    Attribute::ConfiguredBand,
];

/// The lines from a device into its world.
#[derive(Clone, Debug)]
pub(crate) struct WorldLines {
    pub(crate) messages: mpsc::UnboundedSender<Message>,
    pub(crate) changes: broadcast::Sender<DeviceChange>,
}

/// Where the changes and the messages of a device go.
pub(crate) struct Outlet {
    id: DeviceId,
    name: Arc<str>,
    wire: Arc<dyn AttributePort>,
    world: Option<WorldLines>,
}

impl Outlet {
    /// Of a device that is alone.
    pub(crate) fn alone(name: Arc<str>, wire: Arc<dyn AttributePort>) -> Outlet {
        Outlet {
            id: DeviceId(0),
            name,
            wire,
            world: None,
        }
    }

    /// Of a device among others.
    pub(crate) fn within(
        world: WorldLines,
        id: DeviceId,
        name: Arc<str>,
        wire: Arc<dyn AttributePort>,
    ) -> Outlet {
        Outlet {
            id,
            name,
            wire,
            world: Some(world),
        }
    }

    pub(crate) const fn id(&self) -> DeviceId {
        self.id
    }

    /// Sends a message to another device. A world that is gone needs none.
    pub(super) fn send(&self, message: Message) {
        if let Some(world) = &self.world {
            world.messages.send(message).ok();
        }
    }
}

impl AttributePort for Outlet {
    fn push(&self, attribute: Attribute, value: AttributeValue) {
        if let Some(world) = &self.world {
            if HEARD.contains(&attribute) {
                let (from, value) = (self.id, value.clone());
                self.send(Message::Changed {
                    from,
                    attribute,
                    value,
                });
            }
            if world.changes.receiver_count() > 0 {
                let change = DeviceChange {
                    device: Arc::clone(&self.name),
                    attribute,
                    value: value.clone(),
                };
                // an observer that has just left misses nothing
                world.changes.send(change).ok();
            }
        }
        if self.wire.wants(attribute) {
            self.wire.push(attribute, value);
        }
    }

    fn wants(&self, attribute: Attribute) -> bool {
        self.wire.wants(attribute)
            || self.world.as_ref().is_some_and(|world| {
                HEARD.contains(&attribute) || world.changes.receiver_count() > 0
            })
    }
}

impl fmt::Debug for Outlet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Outlet")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
