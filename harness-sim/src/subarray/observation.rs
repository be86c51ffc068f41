//! What everything that observes has: an obsState machine, resources, a scan.

use harness_tango::control_model::ObsState;

use serde_json::Value as Json;

use crate::attribute::{Attribute, AttributeValue};
use crate::device::{Base, Order};
use crate::model::{Holding, Job, ObsStateMachine, Resources, Trigger, UnexpectedTrigger};

/// What everything that observes has: an obsState machine, resources, a scan.
#[derive(Debug, Default)]
pub(crate) struct Observation {
    machine: ObsStateMachine,
    resources: Resources,
    commanded: Option<ObsState>,
    scan_id: i64,
}

impl Observation {
    /// Its attributes.
    pub(crate) const ATTRIBUTES: &'static [Attribute] = &[
        Attribute::ObsState,
        Attribute::CommandedObsState,
        Attribute::AssignedResources,
        Attribute::ScanId,
    ];

    pub(crate) const fn obs_state(&self) -> ObsState {
        self.machine.obs_state()
    }

    pub(crate) fn value(&self, attribute: Attribute) -> Option<AttributeValue> {
        Some(match attribute {
            Attribute::ObsState => AttributeValue::ObsState(self.machine.obs_state()),
            Attribute::CommandedObsState => {
                AttributeValue::ObsState(self.commanded.unwrap_or(ObsState::Empty))
            }
            Attribute::AssignedResources => {
                AttributeValue::texts(self.resources.names().iter().cloned())
            }
            Attribute::ScanId => AttributeValue::Number(self.scan_id),
            _ => return None,
        })
    }

    pub(crate) fn holds_nothing(&self) -> bool {
        self.resources.is_empty()
    }

    fn publish(&self, base: &Base, attribute: Attribute) {
        if let Some(value) = self.value(attribute) {
            base.tell(attribute, || value);
        }
    }

    /// Holds resources from now on, if it held nothing, and stays where it is.
    pub(crate) fn hold_resources(&mut self) {
        if self.machine.holding() == Holding::Nothing {
            let obs_state = self.machine.obs_state();
            self.machine.force(ObsState::Idle);
            self.machine.force(obs_state);
        }
    }

    /// A command was accepted: goes to its transient state.
    pub(crate) fn accept(&mut self, base: &Base, job: Job) {
        if let Some(trigger) = job.invoked() {
            // the tables and the machine agree, which the tests of the tables make sure of
            self.fire(base, trigger).ok();
        }
    }

    /// A command begins: shows where it is meant to lead.
    pub(crate) fn command(&mut self, base: &Base, job: Job) {
        let commanded = job.commanded_state(self.machine.holding());
        if commanded.is_some() && commanded != self.commanded.or(Some(ObsState::Empty)) {
            self.commanded = commanded;
            self.publish(base, Attribute::CommandedObsState);
        }
    }

    /// A command was done: the component's own changes, before the result is published.
    pub(crate) fn perform(&mut self, base: &Base, order: &Order) -> Result<(), UnexpectedTrigger> {
        let job = order.job();
        if let Some(trigger) = job.completed() {
            // somebody may have forced another obsState meanwhile
            let mut trial = self.machine;
            trial.fire(trigger)?;
        }
        let held = self.resources.names().len();
        match job {
            Job::Assign => self.resources.assign(&order.argument),
            Job::Release => self.resources.release(&order.argument),
            Job::ReleaseAll | Job::Restart => self.resources.release_all(),
            Job::Configure => self.fire(base, Trigger::ComponentConfigured)?,
            Job::Scan => {
                let scan_id = order.json();
                let scan_id = scan_id.get("scan_id").or_else(|| scan_id.get("id"));
                let scan_id = scan_id.and_then(Json::as_i64).unwrap_or_default();
                self.set_scan(base, scan_id);
                self.fire(base, Trigger::ComponentScanning)?;
            }
            Job::EndScan => self.fire(base, Trigger::ComponentNotScanning)?,
            Job::End => self.fire(base, Trigger::ComponentUnconfigured)?,
            _ => {}
        }
        if matches!(job, Job::EndScan | Job::Abort | Job::Restart) {
            self.set_scan(base, 0);
        }
        if self.resources.names().len() != held {
            self.publish(base, Attribute::AssignedResources);
        }
        if matches!(job, Job::Assign | Job::Release | Job::ReleaseAll) {
            match (self.machine.holding(), self.resources.is_empty()) {
                (Holding::Nothing, false) => self.fire(base, Trigger::ComponentResourced)?,
                (Holding::Resources, true) => self.fire(base, Trigger::ComponentUnresourced)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// The result was published: the transient state ends.
    pub(crate) fn conclude(&mut self, base: &Base, job: Job) {
        if let Some(trigger) = job.completed() {
            // perform has made sure that it is expected
            self.fire(base, trigger).ok();
        }
    }

    /// Goes to an obsState without asking the machine; silent if it is there already. What the
    /// machine does not hold in it is gone.
    pub(crate) fn force(&mut self, base: &Base, obs_state: ObsState) {
        let before = self.machine.obs_state();
        self.machine.force(obs_state);
        if self.machine.holding() == Holding::Nothing && !self.resources.is_empty() {
            self.resources.release_all();
            self.publish(base, Attribute::AssignedResources);
        }
        if before == ObsState::Scanning && self.machine.obs_state() != before {
            self.set_scan(base, 0);
        }
        self.moved(base, before);
    }

    /// Shows the obsState of somebody else, and holds what it held.
    pub(crate) fn show(&mut self, base: &Base, obs_state: ObsState) {
        let before = self.machine.obs_state();
        self.machine.show(obs_state);
        self.moved(base, before);
    }

    /// Tells that the obsState has changed, if it has.
    fn moved(&self, base: &Base, before: ObsState) {
        let after = self.machine.obs_state();
        if before != after {
            base.record_hop(before.label(), after.label());
            self.publish(base, Attribute::ObsState);
        }
    }

    fn set_scan(&mut self, base: &Base, scan_id: i64) {
        if self.scan_id != scan_id {
            self.scan_id = scan_id;
            self.publish(base, Attribute::ScanId);
        }
    }

    fn fire(&mut self, base: &Base, trigger: Trigger) -> Result<(), UnexpectedTrigger> {
        let before = self.machine.obs_state();
        self.machine.fire(trigger)?;
        self.moved(base, before);
        Ok(())
    }
}
