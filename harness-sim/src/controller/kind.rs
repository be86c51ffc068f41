//! A controller of a subsystem: it is switched on, off and to standby.

use crate::attribute::{Attribute, AttributeValue};
use crate::device::{Base, Kind, Order};
use crate::subarray::Domain;

/// A controller of a subsystem.
#[derive(Debug)]
pub(crate) struct Controller {
    domain: Domain,
}

impl Controller {
    pub(crate) const fn of(domain: Domain) -> Controller {
        Controller { domain }
    }
}

impl Kind for Controller {
    fn class(&self) -> &'static str {
        match self.domain {
            Domain::Csp => "SimulatedCspController",
            Domain::Sdp => "SimulatedSdpController",
            Domain::Mccs => "SimulatedMccsController",
        }
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[]
    }

    fn value(&self, _: Attribute) -> Option<AttributeValue> {
        None
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
