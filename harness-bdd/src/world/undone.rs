//! What a scenario did that has to be undone.

use std::collections::BTreeMap;

use harness_core::{TracedDevice, fault::FaultGuard};
use harness_tango::{
    control_model::DevState,
    subarray::Subarray,
    telescope::{LeftBehind, System, TelescopeState},
};

use super::{SessionError, reset::Reset};

/// What a scenario did that has to be undone when it is over.
#[derive(Debug, Default)]
pub(crate) struct Undone {
    pub(super) faults: Vec<FaultGuard>,
    /// Of the telescope manager, and of systems that were commanded past it.
    pub(super) subarrays: BTreeMap<(System, u32), Subarray>,
    pub(super) resets: Vec<Reset>,
    /// What the telescope was found in, if the scenario switched it.
    pub(super) found: Option<TelescopeState>,
    /// The subarrays that a scenario before left behind, and this one couldn't bring back either.
    pub(super) left: Vec<LeftBehind>,
    /// The scenario, in words.
    pub(super) scenario: String,
}

impl Undone {
    /// The faults apart from the rest.
    pub(super) fn without_faults(mut self) -> (Self, Vec<FaultGuard>) {
        let faults = std::mem::take(&mut self.faults);
        (self, faults)
    }

    /// More faults that are to be ended.
    #[cfg(feature = "sim")]
    pub(super) fn keep_faults(&mut self, faults: impl IntoIterator<Item = FaultGuard>) {
        self.faults.extend(faults);
    }

    pub(super) fn touch(&mut self, subarray: &Subarray) {
        let key = (subarray.system(), subarray.number());
        self.subarrays
            .entry(key)
            .or_insert_with(|| subarray.clone());
    }

    /// An error if a scenario before left this subarray behind.
    pub(super) fn check(&self, system: System, number: u32) -> Result<(), SessionError> {
        let is_it = |left: &&LeftBehind| left.system == system && left.number == number;
        match self.left.iter().find(is_it) {
            Some(left) => Err(SessionError::LeftBehind(Box::new(left.clone()))),
            None => Ok(()),
        }
    }

    /// What is sent to the device when the scenario is over, because of this command that it was
    /// sent. Each thing is undone once.
    pub(super) fn sent(&mut self, device: &TracedDevice, command: &str) {
        let Some(reset) = Reset::of(device, command) else {
            return;
        };
        if !self.resets.iter().any(|known| known.is_same(&reset)) {
            self.resets.push(reset);
        }
    }

    /// The state that counts is the one before the first switching.
    pub(super) fn switched_from(&mut self, found: DevState) {
        if self.found.is_none() {
            self.found = TelescopeState::shown_by(found);
        }
    }
}
