//! The leaf node before a subarray of a subsystem.

use std::sync::Arc;

use harness_tango::control_model::{AdminMode, ObsState};

use super::Part;
use super::part::blame;
use crate::attribute::{Attribute, AttributeValue};
use crate::device::{Base, DeviceId, Errand, Kind, Order};
use crate::subarray::Domain;

/// The leaf node before a subarray of a subsystem.
#[derive(Debug)]
pub(crate) struct SubarrayLeaf {
    domain: Domain,
    part: Part,
    obs_state: ObsState,
    available: bool,
}

impl SubarrayLeaf {
    pub(crate) const fn new(domain: Domain, part: Part) -> SubarrayLeaf {
        SubarrayLeaf {
            domain,
            part,
            obs_state: ObsState::Empty,
            available: true,
        }
    }
}

impl Kind for SubarrayLeaf {
    fn class(&self) -> &'static str {
        match self.domain {
            Domain::Csp => "SimulatedCspSubarrayLeafNode",
            Domain::Sdp => "SimulatedSdpSubarrayLeafNode",
            Domain::Mccs => "SimulatedMccsSubarrayLeafNode",
        }
    }

    fn attributes(&self) -> &'static [Attribute] {
        match self.domain {
            Domain::Csp => &[
                Attribute::CspSubarrayObsState,
                Attribute::IsSubsystemAvailable,
            ],
            Domain::Sdp => &[
                Attribute::SdpSubarrayObsState,
                Attribute::IsSubsystemAvailable,
            ],
            Domain::Mccs => &[
                Attribute::MccsSubarrayObsState,
                Attribute::IsSubsystemAvailable,
            ],
        }
    }

    fn value(&self, attribute: Attribute) -> Option<AttributeValue> {
        match attribute {
            Attribute::IsSubsystemAvailable => Some(AttributeValue::Flag(self.available)),
            mirror if mirror == self.domain.mirror() => {
                Some(AttributeValue::ObsState(self.obs_state))
            }
            _ => None,
        }
    }

    fn begin(&mut self, _: &mut Base, order: &Order) -> Vec<Vec<Errand>> {
        vec![vec![
            self.part.errand(order.job(), Arc::clone(&order.argument)),
        ]]
    }

    fn perform(&mut self, _: &mut Base, _: &Order) -> Result<(), String> {
        Ok(())
    }

    fn blame(&self, failures: &[(Arc<str>, Arc<str>)]) -> String {
        blame(failures)
    }

    fn hear(&mut self, base: &mut Base, _: DeviceId, attribute: Attribute, value: &AttributeValue) {
        match (attribute, value) {
            (Attribute::ObsState, AttributeValue::ObsState(state)) if self.obs_state != *state => {
                self.obs_state = *state;
                base.tell(self.domain.mirror(), || AttributeValue::ObsState(*state));
            }
            (Attribute::AdminMode, AttributeValue::AdminMode(mode)) => {
                let available = matches!(mode, AdminMode::Online | AdminMode::Engineering);
                let available = AttributeValue::Flag(available);
                self.set(base, Attribute::IsSubsystemAvailable, &available);
            }
            _ => {}
        }
    }

    fn set(&mut self, base: &Base, attribute: Attribute, value: &AttributeValue) -> bool {
        match (attribute, value) {
            (Attribute::IsSubsystemAvailable, AttributeValue::Flag(available)) => {
                if self.available != *available {
                    self.available = *available;
                    base.tell(attribute, || value.clone());
                }
                true
            }
            (mirror, AttributeValue::ObsState(state)) if mirror == self.domain.mirror() => {
                if self.obs_state != *state {
                    self.obs_state = *state;
                    base.tell(attribute, || value.clone());
                }
                true
            }
            _ => false,
        }
    }
}
