//! The subarray that tests talk to.

use std::sync::Arc;

use harness_core::action::{Action, ActionError};
use harness_core::state_machine::{ObserveError, StateMachine};
use harness_core::{Timeout, TracedDevice, Value};

use super::machine::{machine, wait_for};
use super::reach::Reach;
use super::recovery::{Reached, RecoveryError, reach_or_recover};
use crate::control_model::ObsState;
use crate::inputs::Inputs;
use crate::lrc::{LrcAction, SendError, SentCommand, send};
use crate::telescope::Timeouts;

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
    device: TracedDevice,
    inputs: Inputs,
    timeouts: Timeouts,
    machine: Arc<StateMachine<ObsState>>,
}

impl Subarray {
    /// The subarray with this number, on this device.
    #[must_use]
    pub fn new(
        number: u32,
        device: &TracedDevice,
        inputs: &Inputs,
        timeouts: Timeouts,
    ) -> Subarray {
        let inputs = inputs.for_subarray(number);
        Subarray {
            number,
            device: device.clone(),
            machine: machine(number, device, &inputs),
            inputs,
            timeouts,
        }
    }

    /// The number of the subarray.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
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

    /// An action that sends a long running command to it. Without an argument it is given its
    /// input from [`inputs`](Self::inputs), if it takes one.
    pub fn command(&self, command: &str, argument: Option<Value>) -> LrcAction {
        LrcAction::new(self, command, self.argument(command, argument))
    }

    /// Sends a long running command to it and reads the answer, expecting nothing more. Without an
    /// argument it is given its input from [`inputs`](Self::inputs), if it takes one.
    ///
    /// # Errors
    /// When the device refuses the command, is not reached, or answers something else.
    pub async fn send(
        &self,
        command: &str,
        argument: Option<Value>,
    ) -> Result<SentCommand, SendError> {
        send(&self.device, command, self.argument(command, argument)).await
    }

    fn argument(&self, command: &str, given: Option<Value>) -> Value {
        given
            .or_else(|| self.inputs.of(command).map(Value::from))
            .unwrap_or_default()
    }
}

impl AsRef<TracedDevice> for Subarray {
    fn as_ref(&self) -> &TracedDevice {
        &self.device
    }
}
