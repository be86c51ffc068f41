//! Bringing a subarray into a state, as a sentence.

use std::future::IntoFuture;

use harness_core::state_machine::{Arrival, NavigationError};
use harness_core::{BoxFuture, Timeout};

use super::subarray_device::Subarray;
use crate::control_model::ObsState;

/// Why a subarray did not reach a state.
pub type ReachError = NavigationError<ObsState>;

/// Brings a subarray into a state; see [`Subarray::reach`].
#[derive(Clone, Debug)]
#[must_use = "nothing happens until it is awaited"]
pub struct Reach {
    subarray: Subarray,
    target: ObsState,
    through: Vec<ObsState>,
    timeout: Timeout,
}

impl Reach {
    pub(super) fn new(subarray: &Subarray, target: ObsState) -> Reach {
        Reach {
            subarray: subarray.clone(),
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
}

impl IntoFuture for Reach {
    type Output = Result<Arrival<ObsState>, ReachError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            self.subarray
                .machine()
                .reach_through(self.through, self.target, self.timeout)
                .await
        })
    }
}
