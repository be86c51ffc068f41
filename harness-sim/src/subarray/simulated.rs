//! The simulated subarray: what it is made of, its attributes and what a tester can do to it.

use std::collections::VecDeque;
use std::fmt;
use std::sync::Arc;

use harness_tango::control_model::{AdminMode, DevState, HealthState, ObsState, TaskStatus};
use tokio::time::Instant;

use super::task::Task;
use crate::attribute::{Attribute, AttributePort, AttributeValue};
use crate::defect::{Defect, DefectError, DefectId, Defects};
use crate::lrc::Book;
use crate::model::{CommandTable, Delays, DelaysError, ObsStateMachine, Progression, Resources};

/// How many received commands `commandCallInfo` shows.
pub const CALL_CAPACITY: usize = 100;

/// A simulated subarray, without a wire.
///
/// Nothing happens by itself: its owner calls [`advance`](Self::advance) when
/// [`next_due`](Self::next_due) says so. Every change of an attribute goes to the port, in order.
///
/// ```
/// use std::sync::Arc;
///
/// use harness_sim::attribute::{Attribute, AttributeValue};
/// use harness_sim::subarray::SimulatedSubarray;
/// use harness_tango::control_model::{ObsState, ResultCode};
/// use tokio::time::Instant;
///
/// # fn main() -> Result<(), harness_sim::subarray::Refusal> {
/// let port = |attribute: Attribute, value: AttributeValue| println!("{attribute}: {value:?}");
/// let mut subarray = SimulatedSubarray::new("low-tmc/subarray/01", Arc::new(port));
/// let reply = subarray.submit("AssignResources", r#"{"subarray_id": 1}"#, Instant::now())?;
/// assert_eq!(reply.code, ResultCode::Queued);
/// assert_eq!(subarray.obs_state(), ObsState::Idle);
/// # Ok(())
/// # }
/// ```
pub struct SimulatedSubarray {
    pub(super) name: Arc<str>,
    pub(super) table: CommandTable,
    pub(super) machine: ObsStateMachine,
    pub(super) resources: Resources,
    standard_delays: Delays,
    pub(super) delays: Delays,
    pub(super) defects: Defects,
    pub(super) book: Book,
    pub(super) commanded: ObsState,
    pub(super) state: DevState,
    admin_mode: AdminMode,
    health_state: HealthState,
    calls: VecDeque<[Arc<str>; 2]>,
    pub(super) active: Option<Task>,
    pub(super) waiting: VecDeque<Task>,
    port: Arc<dyn AttributePort>,
}

impl SimulatedSubarray {
    /// A subarray that is ON, ONLINE and EMPTY, has the commands of `ska-tango-base`, and does
    /// them at once.
    #[must_use]
    pub fn new(name: impl Into<Arc<str>>, port: Arc<dyn AttributePort>) -> SimulatedSubarray {
        let delays = Delays::new(Progression::Immediate);
        SimulatedSubarray {
            name: name.into(),
            table: CommandTable::SKA_TANGO_BASE,
            machine: ObsStateMachine::new(),
            resources: Resources::default(),
            standard_delays: delays.clone(),
            delays,
            defects: Defects::default(),
            book: Book::new(Arc::clone(&port)),
            commanded: ObsState::Empty,
            state: DevState::On,
            admin_mode: AdminMode::Online,
            health_state: HealthState::Ok,
            calls: VecDeque::new(),
            active: None,
            waiting: VecDeque::new(),
            port,
        }
    }

    /// Has other commands.
    #[must_use]
    pub const fn with_commands(mut self, table: CommandTable) -> SimulatedSubarray {
        self.table = table;
        self
    }

    /// Does commands in other times.
    #[must_use]
    pub fn with_delays(mut self, delays: Delays) -> SimulatedSubarray {
        self.standard_delays = delays.clone();
        self.delays = delays;
        self
    }

    /// The name of the device.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its commands.
    #[must_use]
    pub const fn commands(&self) -> CommandTable {
        self.table
    }

    /// The observation state.
    #[must_use]
    pub const fn obs_state(&self) -> ObsState {
        self.machine.obs_state()
    }

    /// The state that every device has.
    #[must_use]
    pub const fn state(&self) -> DevState {
        self.state
    }

    /// Reads an attribute as a client does, which a command may be waiting for
    /// ([`Progression::AfterReads`]).
    pub fn read(&mut self, attribute: Attribute, now: Instant) -> AttributeValue {
        self.advance(now);
        let value = self.value(attribute);
        if attribute == Attribute::ObsState {
            self.count_read(now);
        }
        value
    }

    /// The value of an attribute.
    #[must_use]
    pub fn value(&self, attribute: Attribute) -> AttributeValue {
        match attribute {
            Attribute::State => AttributeValue::State(self.state),
            Attribute::ObsState => AttributeValue::ObsState(self.machine.obs_state()),
            Attribute::CommandedObsState => AttributeValue::ObsState(self.commanded),
            Attribute::AdminMode => AttributeValue::AdminMode(self.admin_mode),
            Attribute::HealthState => AttributeValue::HealthState(self.health_state),
            Attribute::AssignedResources => {
                AttributeValue::texts(self.resources.names().iter().cloned())
            }
            Attribute::CommandCallInfo => {
                AttributeValue::Pairs(self.calls.iter().cloned().collect())
            }
            Attribute::Defective => AttributeValue::Text(self.defects.to_json().into()),
            Attribute::LongRunningCommandsInQueue
            | Attribute::LongRunningCommandIdsInQueue
            | Attribute::LongRunningCommandStatus
            | Attribute::LongRunningCommandInProgress
            | Attribute::LongRunningCommandProgress
            | Attribute::LongRunningCommandResult => self
                .book
                .value(attribute)
                .unwrap_or(AttributeValue::Texts(Vec::new())),
        }
    }

    /// The status of a long running command; NOT_FOUND if its id is unknown or forgotten.
    #[must_use]
    pub fn command_status(&self, id: &str) -> TaskStatus {
        self.book.status(id)
    }

    /// The commands that were received and neither refused nor malformed, with their arguments,
    /// the last hundred.
    #[must_use]
    pub fn calls(&self) -> Vec<[Arc<str>; 2]> {
        self.calls.iter().cloned().collect()
    }

    /// Forgets the commands that were received.
    pub fn clear_calls(&mut self) {
        self.calls.clear();
        self.publish(Attribute::CommandCallInfo);
    }

    /// Puts the subarray into an obsState, whatever it was in. A command that is under way goes on
    /// and fails if it does not fit any more; one that is stuck is ended as if aborted.
    pub fn force_obs_state(&mut self, obs_state: ObsState, now: Instant) {
        self.advance(now);
        self.move_to(obs_state);
        self.end_stuck(now);
        self.settle(now);
    }

    /// Sets how the device is administered. The commands are allowed in every mode.
    pub fn set_admin_mode(&mut self, admin_mode: AdminMode) {
        if self.admin_mode != admin_mode {
            self.admin_mode = admin_mode;
            self.publish(Attribute::AdminMode);
        }
    }

    /// Sets how well the device is.
    pub fn set_health_state(&mut self, health_state: HealthState) {
        if self.health_state != health_state {
            self.health_state = health_state;
            self.publish(Attribute::HealthState);
        }
    }

    /// Switches a defect on.
    ///
    /// # Errors
    ///
    /// [`DefectError::UnknownCommand`] if it is of a command that the subarray does not have.
    pub fn add_defect(&mut self, defect: Defect) -> Result<DefectId, DefectError> {
        let id = self.defects.add(defect, &self.command_names())?;
        self.publish(Attribute::Defective);
        Ok(id)
    }

    /// Takes a defect back. A command that it has made stuck stays stuck.
    pub fn remove_defect(&mut self, id: DefectId) {
        if self.defects.remove(id) {
            self.publish(Attribute::Defective);
        }
    }

    /// Follows the JSON of `SetDefective`: [`Defects::set_from_json`].
    ///
    /// # Errors
    ///
    /// [`DefectError`] if the text is no defect; nothing has changed.
    pub fn set_defective(&mut self, text: &str) -> Result<(), DefectError> {
        let commands = self.command_names();
        self.defects.set_from_json(text, &commands)?;
        self.publish(Attribute::Defective);
        Ok(())
    }

    /// Sets the time that the next executions of a command take.
    pub fn set_delay(&mut self, command: &str, progression: Progression) {
        self.delays.set(command, progression);
    }

    /// Follows the JSON of `SetDelayInfo`: [`Delays::set_from_json`].
    ///
    /// # Errors
    ///
    /// [`DelaysError`] if the text holds no delays; nothing has changed.
    pub fn set_delays(&mut self, text: &str) -> Result<(), DelaysError> {
        self.delays.set_from_json(text)
    }

    /// Goes back to the delays that the subarray was made with.
    pub fn reset_delays(&mut self) {
        self.delays = self.standard_delays.clone();
    }

    fn command_names(&self) -> Vec<&'static str> {
        let rules = self.table.rules().iter();
        rules.map(|rule| rule.command).collect()
    }

    pub(super) fn record_call(&mut self, command: &'static str, argument: &str) {
        if self.calls.len() == CALL_CAPACITY {
            self.calls.pop_front();
        }
        self.calls.push_back([command.into(), argument.into()]);
        self.publish(Attribute::CommandCallInfo);
    }

    pub(super) fn publish(&self, attribute: Attribute) {
        if self.port.wants(attribute) {
            self.port.push(attribute, self.value(attribute));
        }
    }
}

impl fmt::Debug for SimulatedSubarray {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SimulatedSubarray")
            .field("name", &self.name)
            .field("machine", &self.machine)
            .field("active", &self.active)
            .field("waiting", &self.waiting)
            .field("defects", &self.defects)
            .finish_non_exhaustive()
    }
}
