//! The faults that programs may start and heal, by name: of the simulated subarray, and of the network
//! before it.

use std::time::Duration;

use clap::ValueEnum;
use harness_chaos::{Delay, Network};
use harness_core::fault::Fault;
use harness_sim::{
    SubarrayHandle,
    wire_fault::{EventFault, WireFault},
};

/// How much later everything comes in a slow network, in each direction.
const SLOW: Duration = Duration::from_millis(200);

/// A fault, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FaultName {
    /// The subarray answers no call, and does later what it was asked
    Silence,
    /// Events of the subarray get lost
    EventsLost,
    /// The network is down: connections break, and none can be made
    NetworkDown,
    /// The network takes 200 ms each way
    NetworkSlow,
}

impl FaultName {
    /// Whether there must be a network between the subarray and its clients.
    pub(super) fn needs_network(self) -> bool {
        matches!(self, FaultName::NetworkDown | FaultName::NetworkSlow)
    }

    /// The fault.
    pub(super) fn of(self, subarray: &SubarrayHandle, network: &Network) -> Box<dyn Fault> {
        match self {
            FaultName::Silence => Box::new(subarray.wire_fault(WireFault::Silent)),
            FaultName::EventsLost => Box::new(subarray.wire_fault(EventFault::lost())),
            FaultName::NetworkDown => Box::new(network.all().down()),
            FaultName::NetworkSlow => Box::new(network.all().both(Delay::of(SLOW))),
        }
    }
}
