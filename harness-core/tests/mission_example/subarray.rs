//! The subarray of the mission's example, declared as anybody would declare it.

use std::fmt;

use harness_core::state_machine::{DeclarationError, StateGraph, Transition};

/// The states of a subarray, in the order of their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum ObsState {
    Empty,
    Resourcing,
    Idle,
    Configuring,
    Ready,
    Scanning,
    Aborting,
    Aborted,
    Resetting,
    Fault,
    Restarting,
}

use ObsState::{
    Aborted, Aborting, Configuring, Empty, Fault, Idle, Ready, Resetting, Resourcing, Restarting,
    Scanning,
};

pub(crate) const STATES: [ObsState; 11] = [
    Empty,
    Resourcing,
    Idle,
    Configuring,
    Ready,
    Scanning,
    Aborting,
    Aborted,
    Resetting,
    Fault,
    Restarting,
];

impl fmt::Display for ObsState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&format!("{self:?}").to_uppercase())
    }
}

/// The fourteen transitions of the example, in its order of stable states first.
pub(crate) fn subarray() -> Result<StateGraph<ObsState>, DeclarationError> {
    let abortable = [Resourcing, Idle, Configuring, Ready, Scanning];
    let stopped = [Aborted, Fault];
    let to = |target, name: &str| Transition::to(target).named(name);
    StateGraph::new()
        .with(to(Idle, "AssignResources").from([Empty]))?
        .with(to(Ready, "Configure").from([Idle]))?
        .with(to(Scanning, "Scan").from([Ready]))?
        .with(to(Resourcing, "AssignResources").from([Empty]).transient())?
        .with(to(Configuring, "Configure").from([Idle]).transient())?
        .with(to(Ready, "EndScan").from([Scanning]))?
        .with(to(Idle, "End").from([Ready]))?
        .with(to(Empty, "ReleaseAllResources").from([Idle]))?
        .with(to(Aborted, "Abort").from(abortable).cost(10.0))?
        .with(to(Empty, "Restart").from(stopped).cost(10.0))?
        .with(to(Aborting, "Abort").from(abortable).cost(50.0).transient())?
        .with(
            to(Restarting, "Restart")
                .from(stopped)
                .cost(50.0)
                .transient(),
        )?
        .with(to(Aborted, "wait").from([Aborting]).cost(50.0))?
        .with(to(Empty, "wait").from([Restarting]).cost(50.0))
        .map(|graph| graph.with_state(&Resetting))
}
