//! A controller of a subsystem: it is switched on, off and to standby.

use crate::attribute::{Attribute, AttributeValue};
use crate::device::{Base, DeviceId, Kind, Order};
use crate::subarray::Domain;

/// A controller of a subsystem.
#[derive(Debug)]
pub(crate) struct Controller {
    class: &'static str,
    available: bool,
}

impl Controller {
    pub(crate) const fn of(domain: Domain) -> Controller {
        Controller::named(match domain {
            Domain::Csp => "SimulatedCspController",
            Domain::Sdp => "SimulatedSdpController",
            Domain::Mccs => "SimulatedMccsController",
        })
    }

    /// One of this class; if it listens to another one, it is in the same state.
    pub(crate) const fn named(class: &'static str) -> Controller {
        Controller {
            class,
            available: true,
        }
    }
}

impl Kind for Controller {
    fn class(&self) -> &'static str {
        self.class
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[Attribute::IsSubsystemAvailable]
    }

    fn value(&self, attribute: Attribute) -> Option<AttributeValue> {
        let available = || AttributeValue::Flag(self.available);
        (attribute == Attribute::IsSubsystemAvailable).then(available)
    }

    fn set(&mut self, base: &Base, attribute: Attribute, value: &AttributeValue) -> bool {
        let (Attribute::IsSubsystemAvailable, AttributeValue::Flag(available)) = (attribute, value)
        else {
            return false;
        };
        if self.available != *available {
            self.available = *available;
            base.tell(attribute, || value.clone());
        }
        true
    }

    fn hear(&mut self, base: &mut Base, _: DeviceId, attribute: Attribute, value: &AttributeValue) {
        if let (Attribute::State, AttributeValue::State(state)) = (attribute, value) {
            base.set_state(*state);
        }
    }

    fn init(&mut self, _: &Base) -> bool {
        true
    }

    fn perform(&mut self, base: &mut Base, order: &Order) -> Result<(), String> {
        if let Some(state) = order.job().device_state() {
            base.set_state(state);
        }
        Ok(())
    }
}
