//! Bringing a subarray into a state, as a sentence.

use std::future::IntoFuture;

use harness_core::state_machine::{Arrival, Cancel, NavigationError, Plan, StateMachine, StepHook};
use harness_core::{BoxFuture, Timeout};

use super::subarray_device::Subarray;
use crate::control_model::ObsState;

/// Why a subarray did not reach a state.
pub type ReachError = NavigationError<ObsState>;

/// Brings a subarray into a state; see [`Subarray::reach`].
#[derive(Clone, Debug)]
#[must_use = "nothing happens until it is awaited"]
pub struct Reach {
    machine: StateMachine<ObsState>,
    target: ObsState,
    through: Vec<ObsState>,
    timeout: Timeout,
}

impl Reach {
    pub(super) fn new(subarray: &Subarray, target: ObsState) -> Reach {
        Reach {
            machine: subarray.machine().clone(),
            target,
            through: Vec::new(),
            timeout: Timeout::new(subarray.timeouts().reach),
        }
    }

    /// Reaches these states first, in this order.
    pub fn passing_through(mut self, states: impl IntoIterator<Item = ObsState>) -> Reach {
        self.through.extend(states);
        self
    }

    /// Sets the timeout for all of it; without it, the telescope's timeout for reaching a state.
    pub fn within(mut self, timeout: impl Into<Timeout>) -> Reach {
        self.timeout = timeout.into();
        self
    }

    /// Adds what is told before and after each step, and may object; see [`StepHook`].
    pub fn with_step_hook(mut self, hook: impl StepHook<ObsState> + 'static) -> Reach {
        self.machine = self.machine.with_step_hook(hook);
        self
    }

    /// Lets it be called off; it then ends at once and tells where it stopped.
    pub fn cancelled_by(mut self, cancel: &Cancel) -> Reach {
        self.machine = self.machine.cancelled_by(cancel);
        self
    }

    /// The way it would go from where the subarray is; nothing is executed.
    ///
    /// # Errors
    /// When the obsState can not be read, or when some leg of the way does not exist.
    pub async fn plan(&self) -> Result<Plan<ObsState>, ReachError> {
        self.machine.path_through(&self.through, &self.target).await
    }
}

impl IntoFuture for Reach {
    type Output = Result<Arrival<ObsState>, ReachError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            self.machine
                .reach_through(self.through, self.target, self.timeout)
                .await
        })
    }
}
