//! What every device has, whatever its kind.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use harness_tango::control_model::{AdminMode, DevState, HealthState, ObsState};
use tokio::time::Instant;

use super::delays::write_delays;
use super::outlet::Outlet;
use super::script::write_script;
use super::simulated::CALL_CAPACITY;
use super::task::Task;
use super::{DeviceId, Errand, LogPort, Message};
use crate::attribute::{Attribute, AttributePort, AttributeValue};
use crate::defect::Defects;
use crate::lrc::Book;
use crate::model::{CommandRule, CommandTable, Job, Manners};
use crate::transition::{Cause, Instance};

/// How a device begins.
#[derive(Clone, Debug)]
pub(crate) struct DeviceSettings {
    /// What a tester calls the kind whose transitions are to be changed: `csp::subarray`.
    pub(crate) model: &'static str,
    /// Where it asks how its transitions go.
    pub(crate) instance: Instance,
    /// Its commands.
    pub(crate) table: CommandTable,
    /// How long others may take for what they have to do for it.
    pub(crate) timeout: Duration,
    /// Its state.
    pub(crate) state: DevState,
    /// How it is administered.
    pub(crate) admin_mode: AdminMode,
    /// Where it writes its log, if anywhere.
    pub(crate) log: Option<Arc<dyn LogPort>>,
}

impl DeviceSettings {
    /// ON and ONLINE.
    pub(crate) const fn new(
        model: &'static str,
        instance: Instance,
        table: CommandTable,
    ) -> DeviceSettings {
        DeviceSettings {
            model,
            instance,
            table,
            timeout: Duration::from_secs(70),
            state: DevState::On,
            admin_mode: AdminMode::Online,
            log: None,
        }
    }
}

/// What every device has, whatever its kind.
#[derive(Debug)]
pub(crate) struct Base {
    pub(super) name: Arc<str>,
    pub(super) model: &'static str,
    pub(super) table: CommandTable,
    pub(super) instance: Instance,
    timeout: Duration,
    pub(super) defects: Defects,
    pub(super) script: Vec<(ObsState, Duration)>,
    pub(super) book: Book,
    /// The state while the device is controlled.
    component: DevState,
    state: DevState,
    /// How it began.
    at_first: (DevState, AdminMode),
    admin_mode: AdminMode,
    health_state: HealthState,
    pub(super) calls: VecDeque<[Arc<str>; 2]>,
    pub(super) active: Option<Task>,
    pub(super) waiting: VecDeque<Task>,
    /// When the device will do something by itself.
    pub(crate) alarm: Option<Instant>,
    /// The moment that the device is being told about.
    pub(super) now: Option<Instant>,
    /// Up to when time is being let pass, if that is known.
    pub(super) until: Option<Instant>,
    /// Why what happens now happens.
    pub(super) cause: Cause,
    errands_given: u64,
    pub(super) log: Option<Arc<dyn LogPort>>,
    pub(super) outlet: Arc<Outlet>,
}

impl Base {
    pub(super) fn new(name: Arc<str>, settings: DeviceSettings, outlet: Arc<Outlet>) -> Base {
        let mut base = Base {
            name,
            model: settings.model,
            table: settings.table,
            instance: settings.instance,
            timeout: settings.timeout,
            defects: Defects::default(),
            script: Vec::new(),
            book: Book::new(Arc::clone(&outlet) as Arc<dyn AttributePort>),
            component: settings.state,
            state: settings.state,
            at_first: (settings.state, settings.admin_mode),
            admin_mode: settings.admin_mode,
            health_state: HealthState::Ok,
            calls: VecDeque::new(),
            active: None,
            waiting: VecDeque::new(),
            alarm: None,
            now: None,
            until: None,
            cause: Cause::Injected,
            errands_given: 0,
            log: settings.log,
            outlet,
        };
        if !base.is_controlled() {
            base.state = DevState::Disable;
        }
        base
    }

    pub(crate) fn id(&self) -> DeviceId {
        self.outlet.id()
    }

    /// The rule of its command that does a job.
    pub(crate) fn rule_of(&self, job: Job) -> Option<&'static CommandRule> {
        self.table.rule_of(job)
    }

    /// How it words its results and takes what is wrong.
    pub(crate) const fn manners(&self) -> Manners {
        self.table.manners()
    }

    pub(crate) const fn state(&self) -> DevState {
        self.state
    }

    pub(crate) const fn admin_mode(&self) -> AdminMode {
        self.admin_mode
    }

    pub(crate) const fn health_state(&self) -> HealthState {
        self.health_state
    }

    pub(super) const fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Whether the device is monitored and controlled: commands are for such devices only.
    pub(super) const fn is_controlled(&self) -> bool {
        matches!(self.admin_mode, AdminMode::Online | AdminMode::Engineering)
    }

    /// The attributes that every device has.
    pub(super) const ATTRIBUTES: &'static [Attribute] = &[
        Attribute::State,
        Attribute::AdminMode,
        Attribute::HealthState,
        Attribute::VersionId,
        Attribute::LongRunningCommandsInQueue,
        Attribute::LongRunningCommandIdsInQueue,
        Attribute::LongRunningCommandStatus,
        Attribute::LongRunningCommandInProgress,
        Attribute::LongRunningCommandProgress,
        Attribute::LongRunningCommandResult,
        Attribute::LrcQueue,
        Attribute::LrcExecuting,
        Attribute::LrcFinished,
        Attribute::LrcProtocolVersions,
        Attribute::LrcEvent,
        Attribute::CommandCallInfo,
        Attribute::Defective,
        Attribute::CommandDelayInfo,
        Attribute::ObsStateTransitionDuration,
    ];

    /// The value of one of them; `None` for any other.
    pub(super) fn value(&self, attribute: Attribute) -> Option<AttributeValue> {
        Some(match attribute {
            Attribute::State => AttributeValue::State(self.state),
            Attribute::AdminMode => AttributeValue::AdminMode(self.admin_mode),
            Attribute::HealthState => AttributeValue::HealthState(self.health_state),
            Attribute::VersionId => AttributeValue::Text(env!("CARGO_PKG_VERSION").into()),
            Attribute::CommandCallInfo => {
                AttributeValue::Pairs(self.calls.iter().cloned().collect())
            }
            Attribute::Defective => AttributeValue::Text(self.defects.to_json().into()),
            Attribute::CommandDelayInfo => {
                AttributeValue::Text(write_delays(&self.instance, self.table).into())
            }
            Attribute::ObsStateTransitionDuration => {
                AttributeValue::Text(write_script(&self.script).into())
            }
            _ => return self.book.value(attribute),
        })
    }

    /// The moment that the device is being told about.
    pub(crate) fn now(&self) -> Instant {
        self.now.unwrap_or_else(Instant::now)
    }

    /// How much time is being let pass from now on: none, unless a tester turns the clock.
    pub(crate) fn time_to_pass(&self) -> Duration {
        self.until.map_or(Duration::ZERO, |until| {
            until.saturating_duration_since(self.now())
        })
    }

    /// Writes a change of state into the history.
    pub(crate) fn record_hop(&self, from: &'static str, to: &'static str) {
        self.instance
            .record(self.now(), from, to, self.cause.clone());
    }

    /// Publishes a value, which is made only if anyone would notice.
    pub(crate) fn tell(&self, attribute: Attribute, value: impl FnOnce() -> AttributeValue) {
        if self.outlet.wants(attribute) {
            self.outlet.push(attribute, value());
        }
    }

    /// Publishes one of the attributes that every device has.
    pub(super) fn publish(&self, attribute: Attribute) {
        if self.outlet.wants(attribute)
            && let Some(value) = self.value(attribute)
        {
            self.outlet.push(attribute, value);
        }
    }

    /// Sets the state that the device has while it is controlled.
    pub(crate) fn set_state(&mut self, state: DevState) {
        self.component = state;
        if self.is_controlled() {
            self.show_state(state);
        }
    }

    fn show_state(&mut self, state: DevState) {
        if self.state != state {
            self.state = state;
            self.publish(Attribute::State);
        }
    }

    /// Sets how the device is administered. What is not controlled any more is in state DISABLE;
    /// what is controlled again is UNKNOWN for a moment.
    pub(super) fn set_admin_mode(&mut self, admin_mode: AdminMode) {
        if self.admin_mode == admin_mode {
            return;
        }
        let before = self.is_controlled();
        self.admin_mode = admin_mode;
        self.publish(Attribute::AdminMode);
        match (before, self.is_controlled()) {
            (true, false) => self.show_state(DevState::Disable),
            (false, true) => {
                self.show_state(DevState::Unknown);
                self.show_state(self.component);
            }
            _ => {}
        }
    }

    /// Goes back to how it began.
    pub(super) fn reset(&mut self) {
        let (state, admin_mode) = self.at_first;
        self.alarm = None;
        self.set_admin_mode(admin_mode);
        self.set_state(state);
        self.set_health_state(HealthState::Ok);
    }

    /// Sets how well the device is.
    pub(crate) fn set_health_state(&mut self, health_state: HealthState) {
        if self.health_state != health_state {
            self.health_state = health_state;
            self.publish(Attribute::HealthState);
        }
    }

    pub(super) fn record_call(&mut self, command: &'static str, argument: &str) {
        if self.calls.len() == CALL_CAPACITY {
            self.calls.pop_front();
        }
        self.calls.push_back([command.into(), argument.into()]);
        self.publish(Attribute::CommandCallInfo);
    }

    /// Has other devices do something; the task notes it.
    pub(super) fn send(&mut self, task: &mut Task, errands: Vec<Errand>) {
        for errand in errands {
            self.errands_given += 1;
            task.errands.sent(self.errands_given, errand.trl);
            self.outlet.send(Message::Command {
                from: self.id(),
                to: errand.to,
                errand: self.errands_given,
                job: errand.job,
                argument: errand.argument,
            });
        }
    }
}
