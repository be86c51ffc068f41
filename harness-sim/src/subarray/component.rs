//! A subarray of a subsystem: nobody is behind it, it observes itself.

use std::collections::BTreeSet;

use harness_tango::control_model::ObsState;
use serde_json::Value as Json;

use super::{Domain, Observation};
use crate::attribute::{Attribute, AttributeValue};
use crate::device::{Base, DeviceId, Kind, Objection, Order, Refusal};
use crate::model::{CommandRule, Job};

/// Execution blocks that begin so are refused, as by the simulators that telescope teams know.
const REFUSED_BLOCKS: &[&str] = &["eb-xxx", "eb-test-000"];

/// So are scan types.
const REFUSED_SCAN_TYPES: &str = "xxx";

/// A subarray of a subsystem, or one that is alone.
#[derive(Debug, Default)]
pub(crate) struct ComponentSubarray {
    domain: Option<Domain>,
    observation: Observation,
    /// The execution blocks that were ever assigned; none is assigned twice.
    execution_blocks: BTreeSet<String>,
}

impl ComponentSubarray {
    /// One that is alone, and takes any JSON object.
    pub(crate) fn plain() -> ComponentSubarray {
        ComponentSubarray::default()
    }

    /// One of a subsystem, which looks at what it is given.
    pub(crate) fn of(domain: Domain) -> ComponentSubarray {
        ComponentSubarray {
            domain: Some(domain),
            ..ComponentSubarray::default()
        }
    }

    /// What the SDP does not take.
    fn wrong_for_sdp(&self, job: Job, json: &Json) -> Option<String> {
        match job {
            Job::Assign => match execution_block(json) {
                None => Some("Missing key: 'eb_id'".to_owned()),
                Some(id) if self.execution_blocks.contains(id) => {
                    Some(format!("Execution block {id} already exists"))
                }
                Some(id) if REFUSED_BLOCKS.iter().any(|start| id.starts_with(start)) => {
                    Some(format!("Execution block {id} is not valid"))
                }
                Some(_) => None,
            },
            Job::Configure => missing(json, "scan_type").or_else(|| {
                let name = json.get("scan_type").and_then(Json::as_str)?;
                let refused = name.starts_with(REFUSED_SCAN_TYPES);
                refused.then(|| format!("Scan type {name} is not defined"))
            }),
            Job::Scan => missing(json, "scan_id"),
            _ => None,
        }
    }
}

fn execution_block(json: &Json) -> Option<&str> {
    json.pointer("/execution_block/eb_id")?.as_str()
}

fn missing(json: &Json, key: &str) -> Option<String> {
    json.get(key)
        .is_none()
        .then(|| format!("Missing key: '{key}'"))
}

impl Kind for ComponentSubarray {
    fn class(&self) -> &'static str {
        match self.domain {
            None => "SimulatedSubarray",
            Some(Domain::Csp) => "SimulatedCspSubarray",
            Some(Domain::Sdp) => "SimulatedSdpSubarray",
            Some(Domain::Mccs) => "SimulatedMccsSubarray",
        }
    }

    fn attributes(&self) -> &'static [Attribute] {
        Observation::ATTRIBUTES
    }

    fn value(&self, attribute: Attribute) -> Option<AttributeValue> {
        self.observation.value(attribute)
    }

    fn obs_state(&self) -> Option<ObsState> {
        Some(self.observation.obs_state())
    }

    fn objection(&self, _: &Base, rule: &'static CommandRule, json: &Json) -> Option<Objection> {
        if self.domain != Some(Domain::Sdp) {
            return None;
        }
        let reason = self.wrong_for_sdp(rule.job, json)?;
        let command = rule.command;
        Some(Objection::Refuse(Refusal::BadInput { command, reason }))
    }

    fn accept(&mut self, base: &Base, job: Job) {
        self.observation.accept(base, job);
    }

    fn command(&mut self, base: &Base, job: Job) {
        self.observation.command(base, job);
    }

    fn perform(&mut self, base: &mut Base, order: &Order) -> Result<(), String> {
        if let Some(state) = order.job().device_state() {
            base.set_state(state);
        }
        if order.job() == Job::Assign && self.domain == Some(Domain::Sdp) {
            let id = execution_block(&order.json()).map(str::to_owned);
            self.execution_blocks.extend(id);
        }
        let performed = self.observation.perform(base, order);
        performed.map_err(|unexpected| unexpected.to_string())
    }

    fn conclude(&mut self, base: &mut Base, job: Job) {
        self.observation.conclude(base, job);
    }

    /// A subarray is on when its controller is.
    fn hear(&mut self, base: &mut Base, _: DeviceId, attribute: Attribute, value: &AttributeValue) {
        if let (Attribute::State, AttributeValue::State(state)) = (attribute, value) {
            base.set_state(*state);
        }
    }

    fn force(&mut self, base: &Base, obs_state: ObsState) {
        self.observation.force(base, obs_state);
    }
}
