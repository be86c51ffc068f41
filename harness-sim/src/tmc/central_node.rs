//! The telescope manager's central node.

use std::collections::BTreeMap;

use harness_tango::control_model::{DevState, HealthState};
use serde_json::Value as Json;

use super::telescope::{telescope_state, worst};
use crate::attribute::{Attribute, AttributeValue};
use crate::device::{Base, DeviceId, Errand, Kind, Objection, Order};
use crate::dish::DishMode;
use crate::leaf::Part;
use crate::model::{CommandRule, Job};

/// The telescope manager's central node: switches the telescope, and assigns resources to its
/// subarrays.
#[derive(Debug, Default)]
pub(crate) struct CentralNode {
    /// The subarray nodes by their number.
    subarrays: BTreeMap<u64, Part>,
    /// What switches the subsystems: controllers, or their leaf nodes.
    masters: Vec<Part>,
    /// What switches the dishes: their leaf nodes.
    dishes: Vec<Part>,
    /// The CSP's controller, and what switches it: they stay as they are on standby.
    stays_on: Vec<DeviceId>,
    /// What it has heard, by device, so that it is the same in every run.
    states: BTreeMap<DeviceId, DevState>,
    health: BTreeMap<DeviceId, HealthState>,
    modes: BTreeMap<DeviceId, DishMode>,
    available: BTreeMap<DeviceId, bool>,
    shown: Option<(DevState, HealthState)>,
}

impl CentralNode {
    pub(crate) fn new(
        subarrays: BTreeMap<u64, Part>,
        masters: Vec<Part>,
        dishes: Vec<Part>,
        stays_on: Vec<DeviceId>,
    ) -> CentralNode {
        CentralNode {
            subarrays,
            masters,
            dishes,
            stays_on,
            ..CentralNode::default()
        }
    }

    fn state(&self) -> DevState {
        let others = self
            .states
            .iter()
            .filter(|(id, _)| !self.stays_on.contains(id));
        let others: Vec<DevState> = others.map(|(_, state)| *state).collect();
        let all_on_standby = others.iter().all(|state| *state == DevState::Standby);
        let is_faulty = self.states.values().any(|state| *state == DevState::Fault);
        if !others.is_empty() && all_on_standby && !is_faulty {
            return telescope_state(others.into_iter(), self.modes.values().copied());
        }
        let states = self.states.values().copied();
        telescope_state(states, self.modes.values().copied())
    }

    fn health(&self) -> HealthState {
        worst(self.health.values().copied())
    }

    fn availability(&self) -> String {
        let parts = self.masters.iter().chain(self.subarrays.values());
        let available: BTreeMap<&str, bool> = parts
            .map(|part| {
                let available = self.available.get(&part.id).copied();
                (&*part.trl, available.unwrap_or(true))
            })
            .collect();
        serde_json::to_string(&available).unwrap_or_default()
    }

    /// Tells what has changed of the whole telescope.
    fn show(&mut self, base: &Base) {
        let (state, health) = (self.state(), self.health());
        let before = self.shown.replace((state, health));
        if before.is_none_or(|(before, _)| before != state) {
            let from = before.map_or(DevState::Unknown, |(before, _)| before);
            base.record_hop(from.label(), state.label());
            base.tell(Attribute::TelescopeState, || AttributeValue::State(state));
        }
        if before.is_none_or(|(_, before)| before != health) {
            let value = || AttributeValue::HealthState(health);
            base.tell(Attribute::TelescopeHealthState, value);
        }
    }

    fn subarray(&self, json: &Json) -> Option<&Part> {
        self.subarrays.get(&json.get("subarray_id")?.as_u64()?)
    }
}

impl Kind for CentralNode {
    fn class(&self) -> &'static str {
        "SimulatedCentralNode"
    }

    fn attributes(&self) -> &'static [Attribute] {
        &[
            Attribute::TelescopeState,
            Attribute::TelescopeHealthState,
            Attribute::TelescopeAvailability,
        ]
    }

    fn value(&self, attribute: Attribute) -> Option<AttributeValue> {
        Some(match attribute {
            Attribute::TelescopeState => AttributeValue::State(self.state()),
            Attribute::TelescopeHealthState => AttributeValue::HealthState(self.health()),
            Attribute::TelescopeAvailability => AttributeValue::Text(self.availability().into()),
            _ => return None,
        })
    }

    fn objection(&self, _: &Base, _: &'static CommandRule, json: &Json) -> Option<Objection> {
        let reason = match json.get("subarray_id") {
            None => "Missing key: 'subarray_id'".to_owned(),
            Some(id) if self.subarray(json).is_none() => {
                let known: Vec<_> = self.subarrays.keys().map(u64::to_string).collect();
                format!("Invalid subarray_id: {id}; known: {}", known.join(", "))
            }
            Some(_) => return None,
        };
        Some(Objection::Reject(reason))
    }

    fn begin(&mut self, _: &mut Base, order: &Order) -> Vec<Vec<Errand>> {
        let all = |parts: &[Part], job: Job| -> Vec<Errand> {
            parts.iter().map(|part| part.errand(job, "")).collect()
        };
        let mode = match order.job() {
            job @ (Job::Assign | Job::Release) => {
                let json = order.json();
                let release_all = json.get("release_all").and_then(Json::as_bool);
                let job = match job {
                    Job::Release if release_all == Some(true) => Job::ReleaseAll,
                    job => job,
                };
                let subarray = self.subarray(&json).into_iter();
                let errands = subarray.map(|part| part.errand(job, json.to_string()));
                return vec![errands.collect()];
            }
            Job::On => DishMode::StandbyFp,
            _ => DishMode::StandbyLp,
        };
        let mut stage = all(&self.masters, order.job());
        if order.job() == Job::Standby {
            stage.retain(|errand| !self.stays_on.contains(&errand.to));
        }
        stage.extend(all(&self.dishes, Job::SetDishMode(mode)));
        vec![stage]
    }

    fn perform(&mut self, _: &mut Base, _: &Order) -> Result<(), String> {
        Ok(())
    }

    fn hear(
        &mut self,
        base: &mut Base,
        from: DeviceId,
        attribute: Attribute,
        value: &AttributeValue,
    ) {
        match value {
            AttributeValue::State(state) => {
                self.states.insert(from, *state);
            }
            AttributeValue::HealthState(health) => {
                self.health.insert(from, *health);
            }
            AttributeValue::DishMode(mode) => {
                self.modes.insert(from, *mode);
            }
            AttributeValue::Flag(available) if attribute == Attribute::IsSubsystemAvailable => {
                if self.available.insert(from, *available) != Some(*available) {
                    let value = || AttributeValue::Text(self.availability().into());
                    base.tell(Attribute::TelescopeAvailability, value);
                }
            }
            _ => return,
        }
        self.show(base);
    }
}
