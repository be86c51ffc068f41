//! What distinguishes one kind of device from others.

use std::fmt;
use std::sync::Arc;

use harness_tango::control_model::ObsState;
use serde_json::Value as Json;

use super::{Base, DeviceId, Errand, Refusal};
use crate::attribute::{Attribute, AttributeValue};
use crate::defect::Defect;
use crate::model::{CommandRule, Job};

/// What one execution of a command is to do.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) rule: &'static CommandRule,
    pub(crate) argument: Arc<str>,
}

impl Order {
    pub(crate) const fn job(&self) -> Job {
        self.rule.job
    }

    /// The argument as JSON; null if it is none.
    pub(crate) fn json(&self) -> Json {
        serde_json::from_str(&self.argument).unwrap_or_default()
    }
}

/// Why a device of this kind does not take an argument.
#[derive(Debug)]
pub(crate) enum Objection {
    /// It raises an exception.
    Refuse(Refusal),
    /// It says so in its reply.
    Reject(String),
}

/// What distinguishes one kind of device from others. `Base` is what all have in common.
pub(crate) trait Kind: fmt::Debug + Send {
    /// The name of the device's class.
    fn class(&self) -> &'static str;

    /// The attributes that this kind has beside those of all.
    fn attributes(&self) -> &'static [Attribute];

    /// The value of one of them; `None` for any other.
    fn value(&self, attribute: Attribute) -> Option<AttributeValue>;

    /// The observation state, if it has one.
    fn obs_state(&self) -> Option<ObsState> {
        None
    }

    /// Whether the command is allowed in the present state, by this kind's own rules.
    fn permits(&self, base: &Base, rule: &'static CommandRule) -> Result<(), Refusal> {
        let _ = base;
        match self.obs_state() {
            Some(obs_state) if !rule.is_allowed_in(obs_state) => Err(Refusal::NotPermitted {
                command: rule.command,
                obs_state,
            }),
            _ => Ok(()),
        }
    }

    /// What is wrong with the argument, which is a JSON object.
    fn objection(&self, base: &Base, rule: &'static CommandRule, json: &Json) -> Option<Objection> {
        let _ = (base, rule, json);
        None
    }

    /// What goes wrong by itself with a command that would be accepted.
    fn defect(&self, rule: &CommandRule) -> Option<Defect> {
        let _ = rule;
        None
    }

    /// A command was accepted: the obsState goes to its transient state.
    fn accept(&mut self, base: &Base, job: Job) {
        let _ = (base, job);
    }

    /// The command begins; nothing says yet that it will do what it should.
    fn command(&mut self, base: &Base, job: Job) {
        let _ = (base, job);
    }

    /// The command does what it should: what others have to do for it, in stages.
    fn begin(&mut self, base: &mut Base, order: &Order) -> Vec<Vec<Errand>> {
        let _ = (base, order);
        Vec::new()
    }

    /// What else others have to do for it, now that one of them has changed.
    fn further(&mut self, order: &Order) -> Vec<Errand> {
        let _ = order;
        Vec::new()
    }

    /// Whether those who had to do something are at rest, wherever that is.
    fn settled(&self) -> bool {
        true
    }

    /// Whether those who had to do something are where they should be.
    fn arrived(&self, order: &Order) -> bool {
        let _ = order;
        true
    }

    /// The command has been done: the component's own changes. A failure is an exception.
    fn perform(&mut self, base: &mut Base, order: &Order) -> Result<(), String>;

    /// The result was published: the transient state ends.
    fn conclude(&mut self, base: &mut Base, job: Job) {
        let _ = (base, job);
    }

    /// Whether anybody is told that the command has ended.
    fn tells_end(&self, order: &Order) -> bool {
        let _ = order;
        true
    }

    /// The command failed.
    fn fail(&mut self, base: &Base, order: &Order) {
        let _ = (base, order);
    }

    /// How it words that others have failed it.
    fn blame(&self, failures: &[(Arc<str>, Arc<str>)]) -> String {
        let words: Vec<_> = failures
            .iter()
            .map(|(trl, reason)| format!("{trl}: {reason}"))
            .collect();
        format!(
            "Exception occurred on the following devices: {}",
            words.join("\n")
        )
    }

    /// An attribute of another device has changed.
    fn hear(
        &mut self,
        base: &mut Base,
        from: DeviceId,
        attribute: Attribute,
        value: &AttributeValue,
    ) {
        let _ = (base, from, attribute, value);
    }

    /// The time that was set by `Base::alarm` has come: a command that the device gives itself.
    fn alarm(&mut self, base: &mut Base) -> Option<Job> {
        let _ = base;
        None
    }

    /// Goes back to how it began, as Tango's Init has it; whether devices of this kind do.
    fn init(&mut self, base: &Base) -> bool {
        let _ = base;
        false
    }

    /// Goes to an obsState whatever it was in.
    fn force(&mut self, base: &Base, obs_state: ObsState) {
        let _ = (base, obs_state);
    }

    /// Sets an attribute directly, for a tester; whether this kind has it, for setting.
    fn set(&mut self, base: &Base, attribute: Attribute, value: &AttributeValue) -> bool {
        let _ = (base, attribute, value);
        false
    }
}
