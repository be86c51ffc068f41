//! The network that a telescope is connected through.

use harness_chaos::{Network, Part};
use harness_core::fault::FaultGuard;

use super::{SessionError, TelescopeSession};

/// The network that a scenario's telescope is connected through, and what goes wrong in it.
#[derive(Debug, Default)]
pub(crate) struct Networked {
    network: Option<Network>,
    /// Where something goes wrong, and the description of its fault.
    faults: Vec<(Part, String)>,
}

impl TelescopeSession {
    /// Says that the telescope is connected through this network, so that lines about it can be used.
    pub fn attach_network(&mut self, network: Network) {
        self.network.network = Some(network);
    }

    /// The network that the telescope is connected through.
    ///
    /// # Errors
    /// [`SessionError::NoNetwork`].
    pub fn network(&self) -> Result<&Network, SessionError> {
        self.network.network.as_ref().ok_or(SessionError::NoNetwork)
    }

    /// Keeps a fault of this part of the network going until the end of the scenario, or until
    /// [`take_network_faults`](Self::take_network_faults).
    pub(crate) fn keep_network_fault(&mut self, part: Part, guard: FaultGuard) {
        let description = guard.description().to_owned();
        self.network.faults.push((part, description));
        self.keep_fault(guard);
    }

    /// What lines made go wrong in the network and no line has put right.
    pub(crate) fn network_faults(&self) -> impl Iterator<Item = &str> {
        let faults = self.network.faults.iter();
        faults.map(|(_, description)| description.as_str())
    }

    /// Hands over the faults of those parts of the network that are meant.
    pub(crate) fn take_network_faults(
        &mut self,
        is_meant: impl Fn(&Part) -> bool,
    ) -> Vec<FaultGuard> {
        let faults = std::mem::take(&mut self.network.faults);
        let (meant, others) = faults.into_iter().partition(|(part, _)| is_meant(part));
        self.network.faults = others;
        let meant: Vec<(Part, String)> = meant;
        meant
            .iter()
            .filter_map(|(_, description)| self.take_fault(description))
            .collect()
    }
}
