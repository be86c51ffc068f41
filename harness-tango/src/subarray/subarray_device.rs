//! The subarray that tests talk to.

use std::sync::Arc;

use harness_core::action::{Action, ActionError};
use harness_core::state_machine::{ObserveError, StateMachine};
use harness_core::{Timeout, TracedDevice, Value};

use super::command_names::CommandNames;
use super::machine::{machine, wait_for};
use super::reach::Reach;
use super::recovery::{Reached, RecoveryError, reach_or_recover};
use crate::control_model::ObsState;
use crate::inputs::Inputs;
use crate::lrc::{LrcAction, SendError, SentCommand, send};
use crate::telescope::{System, Timeouts};

/// A subarray of a telescope: its device, its inputs and the state machine over both.
///
/// Cheap to clone. Gives its device by reference, so that assertions and actions take it as it
/// is.
///
/// ```no_run
/// use harness_core::Timeout;
/// use harness_tango::control_model::ObsState;
/// use harness_tango::telescope::{Telescope, TelescopeConfig};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let telescope = Telescope::connect(TelescopeConfig::from_file("low.toml")?).await?;
/// telescope
///     .subarray(1)?
///     .reach(ObsState::Ready)
///     .passing_through([ObsState::Aborted])
///     .within(Timeout::seconds(60))
///     .await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Subarray {
    number: u32,
    system: System,
    names: CommandNames,
    device: TracedDevice,
    inputs: Inputs,
    timeouts: Timeouts,
    machine: Arc<StateMachine<ObsState>>,
}

impl Subarray {
    /// The telescope manager's subarray with this number, on this device, with commands named as
    /// in the graph.
    #[must_use]
    pub fn new(
        number: u32,
        device: &TracedDevice,
        inputs: &Inputs,
        timeouts: Timeouts,
    ) -> Subarray {
        let names = CommandNames::default();
        Subarray::of_system(System::Tmc, number, device, inputs, timeouts, &names)
    }

    /// The subarray of a system with this number, on this device, with commands as it names them.
    #[must_use]
    pub fn of_system(
        system: System,
        number: u32,
        device: &TracedDevice,
        inputs: &Inputs,
        timeouts: Timeouts,
        names: &CommandNames,
    ) -> Subarray {
        let inputs = inputs.for_subarray(number);
        let machine = machine(label(system, number), device, &inputs, names);
        Subarray {
            number,
            system,
            names: names.clone(),
            device: device.clone(),
            machine,
            inputs,
            timeouts,
        }
    }

    /// The number of the subarray.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The system that it belongs to: the telescope manager, or the one that it is a part of.
    #[must_use]
    pub fn system(&self) -> System {
        self.system
    }

    /// What people call it: `subarray 1`, or `CSP subarray 1` if it is not the telescope
    /// manager's.
    #[must_use]
    pub fn label(&self) -> String {
        label(self.system, self.number)
    }

    /// What it calls the commands of the graph.
    #[must_use]
    pub fn command_names(&self) -> &CommandNames {
        &self.names
    }

    /// The device, whose commands and events are recorded.
    #[must_use]
    pub fn traced(&self) -> &TracedDevice {
        &self.device
    }

    /// What its commands are given.
    #[must_use]
    pub fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// How long things may take.
    #[must_use]
    pub fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    /// Its state machine, over the graph of [`subarray_graph`](super::subarray_graph).
    #[must_use]
    pub fn machine(&self) -> &StateMachine<ObsState> {
        &self.machine
    }

    /// Reads its obsState from the device.
    ///
    /// # Errors
    /// When it can not be read, or is none.
    pub async fn obs_state(&self) -> Result<ObsState, ObserveError> {
        self.machine.current_state().await
    }

    /// Brings it into a state by the cheapest way from where it is; see [`Reach`] for by which
    /// way and within which time, and [`StateMachine::reach`] for how.
    pub fn reach(&self, target: ObsState) -> Reach {
        Reach::new(self, target)
    }

    /// Brings it into a state, if need be at the second try.
    ///
    /// The first try has the telescope's timeout for reaching a state. If it fails, the second one
    /// has the larger timeout for recovery: from where something is going on it aborts first; from
    /// FAULT and ABORTED it restarts; from EMPTY it goes straight to the target. It plans again
    /// should a step of it fail too.
    ///
    /// # Errors
    /// When both tries fail, or there is no way at all.
    pub async fn reach_or_recover(&self, target: ObsState) -> Result<Reached, RecoveryError> {
        let Timeouts {
            reach, recovery, ..
        } = self.timeouts;
        self.reach_or_recover_within(target, reach, recovery).await
    }

    /// [`reach_or_recover`](Self::reach_or_recover) with timeouts of one's own for the first and
    /// the second try.
    ///
    /// # Errors
    /// When both tries fail, or there is no way at all.
    pub async fn reach_or_recover_within(
        &self,
        target: ObsState,
        first: impl Into<Timeout>,
        second: impl Into<Timeout>,
    ) -> Result<Reached, RecoveryError> {
        reach_or_recover(self, target, first.into(), second.into()).await
    }

    /// Waits until it is in a state; returns at once when it is there already.
    ///
    /// # Errors
    /// When it is not within the timeout; the account tells what it did meanwhile.
    pub async fn wait_for(
        &self,
        state: ObsState,
        timeout: impl Into<Timeout>,
    ) -> Result<(), ActionError> {
        wait_for(state, &self.device).execute(timeout.into()).await
    }

    /// An action that sends a long running command to it. A command of the graph is sent as the
    /// device [calls it](Self::command_names). Without an argument it is given its input from
    /// [`inputs`](Self::inputs), if it takes one.
    pub fn command(&self, command: &str, argument: Option<Value>) -> LrcAction {
        let argument = self.argument(command, argument);
        LrcAction::new(self, self.names.of(command), argument)
    }

    /// Sends a long running command to it and reads the answer, expecting nothing more. A command
    /// of the graph is sent as the device [calls it](Self::command_names). Without an argument it
    /// is given its input from [`inputs`](Self::inputs), if it takes one.
    ///
    /// # Errors
    /// When the device refuses the command, is not reached, or answers something else.
    pub async fn send(
        &self,
        command: &str,
        argument: Option<Value>,
    ) -> Result<SentCommand, SendError> {
        let argument = self.argument(command, argument);
        send(&self.device, self.names.of(command), argument).await
    }

    fn argument(&self, command: &str, given: Option<Value>) -> Value {
        given
            .or_else(|| {
                let command = self.names.graph_name(command);
                self.inputs.of(command).map(Value::from)
            })
            .unwrap_or_default()
    }
}

impl AsRef<TracedDevice> for Subarray {
    fn as_ref(&self) -> &TracedDevice {
        &self.device
    }
}

fn label(system: System, number: u32) -> String {
    match system {
        System::Tmc => format!("subarray {number}"),
        other => format!("{other} subarray {number}"),
    }
}
