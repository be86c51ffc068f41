//! The telescope manager's subarray node: the subarray that tests talk to.

use std::time::Duration;

use harness_tango::control_model::{HealthState, ObsState};
use serde_json::Value as Json;

use super::aggregate::{Aggregate, aggregate};
use super::input::{Telescope, is_partial};
use super::part::{DishPart, SubarrayPart};
use super::telescope::worst;
use crate::attribute::{Attribute, AttributeValue};
use crate::device::{Base, DeviceId, Errand, Kind, Objection, Order};
use crate::model::{CommandRule, Job};
use crate::subarray::{Domain, Observation};

/// What can be aborted.
const BUSY: &[ObsState] = &[
    ObsState::Resourcing,
    ObsState::Idle,
    ObsState::Configuring,
    ObsState::Ready,
    ObsState::Scanning,
    ObsState::Resetting,
];

/// What can be restarted.
const STOPPED: &[ObsState] = &[ObsState::Aborted, ObsState::Fault];

/// The telescope manager's subarray node: has its parts do what it is told, and shows an obsState
/// that follows from theirs.
#[derive(Debug)]
pub(crate) struct SubarrayNode {
    telescope: Telescope,
    observation: Observation,
    /// Where the node is by its own commands, whatever its parts do; what it shows may differ.
    own: ObsState,
    /// Whether a command of its own is under way, whose end decides where the node is.
    busy: bool,
    /// The command that failed: the node stays in its transient state.
    failed: Option<Job>,
    parts: Vec<SubarrayPart>,
    dishes: Vec<DishPart>,
    health: Vec<(DeviceId, HealthState)>,
    scan_duration: Option<Duration>,
}

impl SubarrayNode {
    pub(crate) fn new(
        telescope: Telescope,
        parts: Vec<SubarrayPart>,
        dishes: Vec<DishPart>,
    ) -> SubarrayNode {
        SubarrayNode {
            telescope,
            observation: Observation::default(),
            own: ObsState::Empty,
            busy: false,
            failed: None,
            parts,
            dishes,
            health: Vec::new(),
            scan_duration: None,
        }
    }

    fn to_parts(&self, job: Job, argument: impl Fn(&SubarrayPart) -> String) -> Vec<Errand> {
        let parts = self.parts.iter();
        parts
            .map(|part| part.part.errand(job, argument(part)))
            .collect()
    }

    /// To the parts in one of these obsStates.
    fn to_parts_in(&self, states: &[ObsState], job: Job) -> Vec<Errand> {
        let parts = self.parts.iter();
        parts
            .filter(|part| states.contains(&part.obs_state))
            .map(|part| part.part.errand(job, ""))
            .collect()
    }

    fn to_dishes(&self, job: Job, argument: &str) -> Vec<Errand> {
        let dishes = self.dishes.iter().filter(|dish| dish.assigned);
        dishes.map(|dish| dish.part.errand(job, argument)).collect()
    }

    /// Each subsystem gets its own part of the JSON.
    fn shares(&self, json: &Json, job: Job) -> Vec<Errand> {
        self.to_parts(job, |part| {
            let key = match (self.telescope, job, part.domain) {
                // the CSP of Mid is told its receptors
                (Telescope::Mid, Job::Assign, Domain::Csp) => "dish",
                (_, _, domain) => domain.key(),
            };
            let share = json.get(key).filter(|share| share.is_object());
            share.map_or_else(|| "{}".to_owned(), Json::to_string)
        })
    }

    fn assign_dishes(&mut self, json: &Json) {
        let names = receptors(json);
        for dish in &mut self.dishes {
            if names
                .iter()
                .any(|name| name.eq_ignore_ascii_case(&dish.name))
            {
                dish.assigned = true;
            }
        }
    }

    fn release_dishes(&mut self, json: &Json) {
        let named = json.get("receptor_ids").and_then(Json::as_array);
        let named = named.into_iter().flatten().filter_map(Json::as_str);
        let named: Vec<_> = named.chain(receptors(json)).collect();
        for dish in &mut self.dishes {
            let is_it = |name: &&str| name.eq_ignore_ascii_case(&dish.name);
            dish.assigned = dish.assigned && !named.iter().any(is_it);
        }
    }

    fn release_all_dishes(&mut self) {
        for dish in &mut self.dishes {
            dish.assigned = false;
        }
    }

    fn configure(&mut self, json: &Json) -> Vec<Errand> {
        let duration = json.pointer("/tmc/scan_duration").and_then(Json::as_f64);
        let duration = duration.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        self.scan_duration = duration.or(self.scan_duration);
        let mut errands = self.to_dishes(Job::Configure, &json.to_string());
        if self.telescope == Telescope::Low || !is_partial(json) {
            errands.extend(self.shares(json, Job::Configure));
        }
        errands
    }

    fn all_parts(&self, arrived: impl Fn(ObsState) -> bool) -> bool {
        self.parts.iter().all(|part| arrived(part.obs_state))
    }

    /// Shows what follows from where the node is by itself and from its parts. While it does
    /// something itself, and after it failed, only a fault of a part changes what it shows.
    fn show(&mut self, base: &Base) {
        let restarts =
            self.failed.is_none() && matches!(self.own, ObsState::Restarting | ObsState::Resetting);
        for part in &mut self.parts {
            part.leaves_fault &= restarts && part.obs_state == ObsState::Fault;
        }
        // parts go out of FAULT one after another
        let counting = self.parts.iter().filter(|part| !part.leaves_fault);
        let parts = aggregate(counting.map(|part| part.obs_state));
        let stable = !self.own.is_transient() || self.own == ObsState::Scanning;
        let at_rest = stable && !self.busy;
        // the faults that it is getting rid of are no news: its parts come out of them one by one
        let leaves_fault = matches!(self.own, ObsState::Restarting | ObsState::Resetting);
        if parts == Aggregate::Decisive(ObsState::Fault) && !(self.busy && leaves_fault) {
            self.own = ObsState::Fault;
        } else if self.failed.is_some() {
            self.recover();
        } else if at_rest && let Aggregate::Unanimous(state) = parts {
            self.own = state;
        }
        match parts {
            Aggregate::Decisive(state) if at_rest && self.failed.is_none() && state != self.own => {
                self.observation.show(base, state);
            }
            _ => self.observation.force(base, self.own),
        }
    }

    /// Parts that come to rest late after all end a failure of Abort and Restart.
    fn recover(&mut self) {
        let own = match self.failed {
            _ if !self.settled() => return,
            Some(Job::Abort) if !self.any_part_in(BUSY) => ObsState::Aborted,
            Some(Job::Restart) if self.any_part_in(STOPPED) => ObsState::Aborted,
            Some(Job::Restart) => ObsState::Empty,
            _ => return,
        };
        self.own = own;
        self.failed = None;
    }

    fn any_part_in(&self, states: &[ObsState]) -> bool {
        self.parts
            .iter()
            .any(|part| states.contains(&part.obs_state))
    }
}

/// The dishes that are to be assigned.
fn receptors(json: &Json) -> Vec<&str> {
    let names = json.pointer("/dish/receptor_ids").and_then(Json::as_array);
    let names = names.into_iter().flatten();
    names.filter_map(Json::as_str).collect()
}

impl Kind for SubarrayNode {
    fn class(&self) -> &'static str {
        "SimulatedSubarrayNode"
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
        let keys: Vec<_> = self.parts.iter().map(|part| part.domain.key()).collect();
        let reason = self
            .telescope
            .objection(rule.job, json, &keys)
            .or_else(|| {
                let names = receptors(json).into_iter();
                let mut unknown = names.filter(|name| {
                    let mut dishes = self.dishes.iter();
                    !dishes.any(|dish| dish.name.eq_ignore_ascii_case(name))
                });
                let first = unknown.next().filter(|_| rule.job == Job::Assign)?;
                Some(format!("Invalid receptor id: '{first}'"))
            })?;
        Some(Objection::Reject(reason))
    }

    fn accept(&mut self, base: &Base, job: Job) {
        if job.invoked().is_some() {
            self.failed = None;
            self.observation.accept(base, job);
            self.own = self.observation.obs_state();
            for part in &mut self.parts {
                part.leaves_fault = part.obs_state == ObsState::Fault;
            }
        }
    }

    fn command(&mut self, base: &Base, job: Job) {
        self.observation.command(base, job);
    }

    fn begin(&mut self, _: &mut Base, order: &Order) -> Vec<Vec<Errand>> {
        self.busy = true;
        let json = order.json();
        let stage = match order.job() {
            Job::Assign => {
                if self.observation.holds_nothing() {
                    // what an assignment that failed has left
                    self.release_all_dishes();
                }
                self.assign_dishes(&json);
                self.shares(&json, Job::Assign)
            }
            Job::Configure => self.configure(&json),
            Job::Release | Job::Scan => self.to_parts(order.job(), |_| json.to_string()),
            Job::End => {
                let mut errands = self.to_dishes(Job::TrackStop, "");
                errands.extend(self.to_parts(Job::End, |_| String::new()));
                errands
            }
            Job::Abort => {
                let mut errands = self.to_dishes(Job::Abort, "");
                errands.extend(self.to_parts_in(BUSY, Job::Abort));
                errands
            }
            Job::Restart | Job::ObsReset => self.to_parts_in(STOPPED, order.job()),
            job @ (Job::ReleaseAll | Job::EndScan) => self.to_parts(job, |_| String::new()),
            _ => Vec::new(),
        };
        vec![stage]
    }

    /// A part that could not be aborted before may be ready for it now.
    fn further(&mut self, order: &Order) -> Vec<Errand> {
        const AT_REST: &[ObsState] = &[
            ObsState::Idle,
            ObsState::Configuring,
            ObsState::Ready,
            ObsState::Scanning,
        ];
        match order.job() {
            Job::Abort => self.to_parts_in(AT_REST, Job::Abort),
            Job::Restart => self.to_parts_in(STOPPED, Job::Restart),
            _ => Vec::new(),
        }
    }

    fn settled(&self) -> bool {
        self.all_parts(|state| state == ObsState::Scanning || !state.is_transient())
    }

    fn arrived(&self, order: &Order) -> bool {
        use ObsState::{Aborting, Empty, Idle, Ready, Restarting, Scanning};

        match order.job() {
            Job::Assign | Job::End => self.all_parts(|state| state == Idle),
            Job::ReleaseAll => self.all_parts(|state| state == Empty),
            Job::Release | Job::ObsReset => self.all_parts(|state| matches!(state, Idle | Empty)),
            Job::Configure => {
                let mut dishes = self.dishes.iter().filter(|dish| dish.assigned);
                self.all_parts(|state| state == Ready) && dishes.all(DishPart::tracks)
            }
            Job::Scan => self.all_parts(|state| state == Scanning),
            Job::EndScan => self.all_parts(|state| state == Ready),
            Job::Abort => self.all_parts(|state| state != Aborting && !BUSY.contains(&state)),
            Job::Restart => {
                self.all_parts(|state| state != Restarting && !STOPPED.contains(&state))
            }
            _ => true,
        }
    }

    fn perform(&mut self, base: &mut Base, order: &Order) -> Result<(), String> {
        self.busy = false;
        // its own machine goes on from where it is, not from what the parts make it show
        if order.job().invoked().is_none() {
            self.observation.force(base, self.own);
        }
        let performed = self.observation.perform(base, order);
        performed.map_err(|unexpected| unexpected.to_string())?;
        match order.job() {
            Job::Scan => base.alarm = self.scan_duration.map(|time| base.now() + time),
            Job::EndScan | Job::Abort | Job::Restart => base.alarm = None,
            Job::Release => self.release_dishes(&order.json()),
            _ => {}
        }
        if self.observation.holds_nothing() || order.job() == Job::Restart {
            self.release_all_dishes();
        }
        self.own = self.observation.obs_state();
        Ok(())
    }

    fn conclude(&mut self, base: &mut Base, job: Job) {
        self.observation.conclude(base, job);
        self.own = self.observation.obs_state();
    }

    /// The node stays in the transient state of a command that failed; without one it is where its
    /// parts have got meanwhile.
    fn fail(&mut self, base: &Base, order: &Order) {
        self.busy = false;
        if order.job().transient_state() == Some(self.own) {
            self.failed = Some(order.job());
        }
        if self.failed.is_none() || self.any_part_in(&[ObsState::Fault]) {
            self.show(base);
        }
    }

    fn hear(
        &mut self,
        base: &mut Base,
        from: DeviceId,
        attribute: Attribute,
        value: &AttributeValue,
    ) {
        match value {
            AttributeValue::ObsState(state) => {
                for part in self.parts.iter_mut().filter(|part| part.part.id == from) {
                    part.obs_state = *state;
                }
                self.show(base);
            }
            AttributeValue::DishMode(mode) => {
                for dish in self.dishes.iter_mut().filter(|dish| dish.part.id == from) {
                    dish.mode = *mode;
                }
            }
            AttributeValue::PointingState(pointing) => {
                for dish in self.dishes.iter_mut().filter(|dish| dish.part.id == from) {
                    dish.pointing = *pointing;
                }
            }
            AttributeValue::HealthState(health) if attribute == Attribute::HealthState => {
                self.health.retain(|(device, _)| *device != from);
                self.health.push((from, *health));
                base.set_health_state(worst(self.health.iter().map(|(_, health)| *health)));
            }
            _ => {}
        }
    }

    /// A scan ends by itself when its time is over.
    fn alarm(&mut self, _: &mut Base) -> Option<Job> {
        (self.own == ObsState::Scanning).then_some(Job::EndScan)
    }

    fn force(&mut self, base: &Base, obs_state: ObsState) {
        self.failed = None;
        self.observation.force(base, obs_state);
        self.own = obs_state;
    }
}
