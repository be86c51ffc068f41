//! What a device hears from the others of its world.

use tokio::time::Instant;

use super::errand::{Ending, Message};
use super::task::Client;
use super::{DeviceId, SimulatedDevice};
use crate::attribute::{Attribute, AttributeValue};
use crate::model::Job;

impl SimulatedDevice {
    /// Another device gives a command.
    pub(crate) fn take_errand(&mut self, client: Client, job: Job, argument: &str, now: Instant) {
        self.advance(now);
        if let Some(ending) = self.submit_for(job, argument, Some(client), now) {
            self.base.outlet.send(Message::Ended {
                to: client.device,
                errand: client.errand,
                ending,
            });
        }
    }

    /// What another device had to do has ended. If it is of an execution that is over, or was
    /// never this device's, nothing happens.
    pub(crate) fn errand_ended(&mut self, errand: u64, ending: Ending, now: Instant) {
        self.advance(now);
        let active = self.base.active.as_mut();
        if active.is_some_and(|task| task.errands.ended(errand, ending)) {
            self.others_got_on(false, now);
            self.settle(now);
        }
    }

    /// An attribute of another device has changed.
    pub(crate) fn hear(
        &mut self,
        from: DeviceId,
        attribute: Attribute,
        value: &AttributeValue,
        now: Instant,
    ) {
        self.advance(now);
        self.kind.hear(&mut self.base, from, attribute, value);
        self.others_got_on(true, now);
        self.settle(now);
    }

    /// Learns how another device is when the world begins.
    pub(crate) fn introduce(&mut self, other: &SimulatedDevice, attribute: Attribute) {
        let value = other.value(attribute);
        self.kind
            .hear(&mut self.base, other.id(), attribute, &value);
    }
}
