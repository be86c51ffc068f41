//! A kind of device with a bug in it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use harness_tango::control_model::ObsState;
use serde_json::Value as Json;

use super::PlantedBug;
use super::memory::Memory;
use crate::attribute::{Attribute, AttributeValue};
use crate::defect::{Defect, DefectKind};
use crate::device::{Base, DeviceId, Errand, Kind, Objection, Order, Refusal};
use crate::model::{CommandRule, Job};

/// How long after a command another one may slip in.
const DOUBLE_ACCEPT_WINDOW: Duration = Duration::from_millis(10);

/// How long after an AssignResources another one may slip in.
const LOST_UPDATE_WINDOW: Duration = Duration::from_millis(1);

/// How many Configure end well.
const CONFIGURES: u32 = 2;

/// A kind of device that does all as another one, but for a bug.
#[derive(Debug)]
pub(crate) struct Infested {
    sound: Box<dyn Kind>,
    bug: PlantedBug,
    on: Arc<AtomicBool>,
    memory: Memory,
}

impl Infested {
    /// The bug shows while `on` says so.
    pub(crate) fn new(sound: Box<dyn Kind>, bug: PlantedBug, on: Arc<AtomicBool>) -> Infested {
        Infested {
            sound,
            bug,
            on,
            memory: Memory::default(),
        }
    }

    fn has(&self, bug: PlantedBug) -> bool {
        self.bug == bug && self.on.load(Ordering::Relaxed)
    }

    /// Whether a command that is not allowed is taken all the same.
    fn slips_in(&self, base: &Base, rule: &CommandRule) -> bool {
        let Some((job, before, at)) = self.memory.accepted else {
            return false;
        };
        let window = if self.has(PlantedBug::DoubleAccept) {
            DOUBLE_ACCEPT_WINDOW
        } else if self.has(PlantedBug::LostUpdate) && (job, rule.job) == (Job::Assign, Job::Assign)
        {
            LOST_UPDATE_WINDOW
        } else {
            return false;
        };
        self.is_on_its_way()
            && rule.is_allowed_in(before)
            && base.now().saturating_duration_since(at) <= window
    }

    fn is_on_its_way(&self) -> bool {
        self.sound.obs_state().is_some_and(ObsState::is_transient)
    }

    fn assigned(&self) -> Vec<Arc<str>> {
        match self.sound.value(Attribute::AssignedResources) {
            Some(AttributeValue::Texts(names)) => names,
            _ => Vec::new(),
        }
    }

    /// What is assigned, and what was never released.
    fn all_assigned(&self) -> AttributeValue {
        AttributeValue::Texts([self.memory.leaked.clone(), self.assigned()].concat())
    }

    /// Assigns to what was assigned before the command that this one slipped in after.
    fn lose_update(&mut self, base: &mut Base) -> Result<(), String> {
        let Some(rule) = base.rule_of(Job::Release) else {
            return Ok(());
        };
        let argument = serde_json::json!({ "resources": self.memory.added }).to_string();
        let argument = argument.into();
        self.sound.perform(base, &Order { rule, argument })
    }

    fn remember(&mut self, job: Job) {
        match job {
            Job::Configure => self.memory.configured += 1,
            Job::Scan => self.memory.scanned = true,
            _ => {}
        }
        if self.sound.obs_state() == Some(ObsState::Empty) {
            self.memory.configured = 0;
            self.memory.scanned = false;
        }
    }
}

impl Kind for Infested {
    fn permits(&self, base: &Base, rule: &'static CommandRule) -> Result<(), Refusal> {
        match self.sound.permits(base, rule) {
            Err(_) if self.slips_in(base, rule) => Ok(()),
            verdict => verdict,
        }
    }

    fn defect(&self, rule: &CommandRule) -> Option<Defect> {
        let stuck = self.has(PlantedBug::StuckTransient)
            && rule.job == Job::Configure
            && self.memory.configured >= CONFIGURES;
        stuck.then(|| Defect::new(DefectKind::StuckInIntermediateState))
    }

    fn accept(&mut self, base: &Base, job: Job) {
        if let Some(before) = self.sound.obs_state()
            && (job.interrupts() || !before.is_transient())
        {
            self.memory.accepted = Some((job, before, base.now()));
        }
        self.memory.ended += u32::from(job == Job::End);
        self.sound.accept(base, job);
    }

    fn command(&mut self, base: &Base, job: Job) {
        let late = job.invoked().is_some() && !self.is_on_its_way();
        self.memory.slipped_in = late;
        if late {
            // what slipped in has not moved the obsState, which it does now
            self.sound.accept(base, job);
        }
        self.sound.command(base, job);
    }

    fn perform(&mut self, base: &mut Base, order: &Order) -> Result<(), String> {
        let before = self.assigned();
        if order.job() != Job::Assign {
            self.sound.perform(base, order)?;
            if order.job() == Job::Restart && self.memory.scanned && self.has(PlantedBug::Leak) {
                self.memory.leaked = before.into_iter().take(1).collect();
                base.tell(Attribute::AssignedResources, || self.all_assigned());
            }
            return Ok(());
        }
        if self.has(PlantedBug::LostUpdate) && std::mem::take(&mut self.memory.slipped_in) {
            self.lose_update(base)?;
        }
        self.sound.perform(base, order)?;
        self.memory.added = self.assigned();
        self.memory.added.retain(|name| !before.contains(name));
        Ok(())
    }

    fn conclude(&mut self, base: &mut Base, job: Job) {
        let from = self.memory.accepted.map(|(_, before, _)| before);
        let wrongly = self.has(PlantedBug::WrongStateAfterAbort)
            && (job, from) == (Job::Abort, Some(ObsState::Scanning));
        if wrongly {
            self.sound.force(base, ObsState::Idle);
        } else {
            self.sound.conclude(base, job);
        }
        self.remember(job);
    }

    fn tells_end(&self, order: &Order) -> bool {
        let hushed = self.has(PlantedBug::ReplyWithoutResult)
            && order.job() == Job::End
            && self.memory.ended > 1;
        !hushed && self.sound.tells_end(order)
    }

    fn class(&self) -> &'static str {
        self.sound.class()
    }

    fn attributes(&self) -> &'static [Attribute] {
        self.sound.attributes()
    }

    fn value(&self, attribute: Attribute) -> Option<AttributeValue> {
        match attribute {
            Attribute::AssignedResources if !self.memory.leaked.is_empty() => {
                Some(self.all_assigned())
            }
            _ => self.sound.value(attribute),
        }
    }

    fn obs_state(&self) -> Option<ObsState> {
        self.sound.obs_state()
    }

    fn objection(&self, base: &Base, rule: &'static CommandRule, json: &Json) -> Option<Objection> {
        self.sound.objection(base, rule, json)
    }

    fn begin(&mut self, base: &mut Base, order: &Order) -> Vec<Vec<Errand>> {
        self.sound.begin(base, order)
    }

    fn further(&mut self, order: &Order) -> Vec<Errand> {
        self.sound.further(order)
    }

    fn settled(&self) -> bool {
        self.sound.settled()
    }

    fn arrived(&self, order: &Order) -> bool {
        self.sound.arrived(order)
    }

    fn fail(&mut self, base: &Base, order: &Order) {
        self.sound.fail(base, order);
    }

    fn blame(&self, failures: &[(Arc<str>, Arc<str>)]) -> String {
        self.sound.blame(failures)
    }

    fn hear(
        &mut self,
        base: &mut Base,
        from: DeviceId,
        attribute: Attribute,
        value: &AttributeValue,
    ) {
        self.sound.hear(base, from, attribute, value);
    }

    fn alarm(&mut self, base: &mut Base) -> Option<Job> {
        self.sound.alarm(base)
    }

    fn init(&mut self, base: &Base) -> bool {
        let begins_anew = self.sound.init(base);
        if begins_anew {
            self.memory = Memory::default();
            base.tell(Attribute::AssignedResources, || self.all_assigned());
        }
        begins_anew
    }

    fn force(&mut self, base: &Base, obs_state: ObsState) {
        self.sound.force(base, obs_state);
    }

    fn set(&mut self, base: &Base, attribute: Attribute, value: &AttributeValue) -> bool {
        self.sound.set(base, attribute, value)
    }
}
