//! What came of switching.

use std::fmt;

use harness_core::DeviceError;
use harness_core::action::ActionError;
use thiserror::Error;

use super::target::TelescopeState;
use crate::control_model::{DevState, UnknownWord};

/// What was done to switch a telescope.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Switched {
    /// What it was switched to.
    pub target: TelescopeState,
    /// The state that it was found in: the central node's `telescopeState`, or without a central
    /// node the state of all that would have been switched, UNKNOWN if they did not agree.
    pub found: DevState,
    /// The state afterwards, in the same sense.
    pub now: DevState,
    /// The devices that were OFFLINE and brought ONLINE.
    pub brought_online: Vec<String>,
    /// The commands that were sent: `TelescopeOn to low-tmc/central-node/0`.
    pub sent: Vec<String>,
}

impl Switched {
    /// Whether nothing had to be done.
    #[must_use]
    pub fn was_already(&self) -> bool {
        self.brought_online.is_empty() && self.sent.is_empty()
    }
}

impl fmt::Display for Switched {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Switched {
            target,
            found,
            now,
            brought_online,
            sent,
        } = self;
        match brought_online.as_slice() {
            [] => {}
            [one] => write!(formatter, "{one} was brought ONLINE; ")?,
            more => write!(formatter, "{} devices were brought ONLINE; ", more.len())?,
        }
        if sent.is_empty() {
            return write!(
                formatter,
                "the telescope was {target} already, so nothing was sent"
            );
        }
        write!(
            formatter,
            "the telescope went from {found} to {now} by {}",
            sent.join(", ")
        )?;
        if *now != target.device_state() {
            write!(formatter, ", which counts as {target}")?;
        }
        Ok(())
    }
}

/// Why a telescope could not be switched.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SwitchError {
    /// The state of the telescope can not be read.
    #[error("whether the telescope is {target} is not known")]
    Unknown {
        /// What it was to be switched to.
        target: TelescopeState,
        /// Why its state is not known.
        #[source]
        source: DeviceError,
    },
    /// The state of the telescope is none that is known.
    #[error("whether the telescope is {target} is not known")]
    NoState {
        /// What it was to be switched to.
        target: TelescopeState,
        /// What its state is.
        #[source]
        source: UnknownWord,
    },
    /// Devices could not be brought ONLINE.
    #[error("devices that must be ONLINE could not be brought there")]
    Online(#[source] ActionError),
    /// Switching failed.
    #[error("the telescope could not be switched to {target}")]
    Action {
        /// What it was to be switched to.
        target: TelescopeState,
        /// What went wrong.
        #[source]
        source: ActionError,
    },
}

impl SwitchError {
    /// The account of the action that failed, if one did.
    #[must_use]
    pub fn failure(&self) -> Option<&harness_core::Failure> {
        match self {
            SwitchError::Online(error) => error.failure(),
            SwitchError::Action { source, .. } => source.failure(),
            SwitchError::Unknown { .. } | SwitchError::NoState { .. } => None,
        }
    }
}
