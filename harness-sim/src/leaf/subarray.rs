//! The leaf node before a subarray of a subsystem.

use std::sync::Arc;
use std::time::Duration;

use harness_tango::control_model::{AdminMode, ObsState};
use serde_json::Value as Json;

use super::Part;
use super::delay_model::DelayModel;
use super::part::blame;
use crate::attribute::{Attribute, AttributeValue};
use crate::device::{Base, DeviceId, Errand, Kind, Objection, Order};
use crate::model::{CommandRule, Job};
use crate::subarray::Domain;

/// The leaf node before a subarray of a subsystem.
#[derive(Debug)]
pub(crate) struct SubarrayLeaf {
    domain: Domain,
    part: Part,
    obs_state: ObsState,
    available: bool,
    delays: DelayModel,
}

impl SubarrayLeaf {
    /// One that computes delays so often, if it is of the CSP.
    pub(crate) const fn new(domain: Domain, part: Part, delay_period: Duration) -> SubarrayLeaf {
        SubarrayLeaf {
            domain,
            part,
            obs_state: ObsState::Empty,
            available: true,
            delays: DelayModel::new(delay_period),
        }
    }

    fn show(&mut self, base: &mut Base, state: ObsState) {
        if self.obs_state == state {
            return;
        }
        self.obs_state = state;
        base.tell(self.domain.mirror(), || AttributeValue::ObsState(state));
        if self.domain == Domain::Csp {
            match state {
                ObsState::Ready => self.delays.run(base, true),
                ObsState::Configuring | ObsState::Scanning => {}
                _ => self.delays.run(base, false),
            }
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
                Attribute::DelayModel,
                Attribute::DelayModelPstBeam1,
                Attribute::DelayModelPstBeam2,
                Attribute::DelayModelPstBeam3,
                Attribute::DelayModelPstBeam4,
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
            other if self.domain == Domain::Csp => self.delays.value(other),
            _ => None,
        }
    }

    /// What is behind it cannot be used at present.
    fn objection(&self, _: &Base, rule: &'static CommandRule, _: &Json) -> Option<Objection> {
        let needed = rule.job == Job::Assign && !self.available;
        needed.then(|| Objection::Reject(format!("{} is not available", self.part.trl)))
    }

    fn alarm(&mut self, base: &mut Base) -> Option<Job> {
        self.delays.compute(base);
        None
    }

    fn begin(&mut self, _: &mut Base, order: &Order) -> Vec<Vec<Errand>> {
        if order.job() == Job::Configure {
            self.delays.configure(&order.json());
        }
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
            (Attribute::ObsState, AttributeValue::ObsState(state)) => self.show(base, *state),
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
