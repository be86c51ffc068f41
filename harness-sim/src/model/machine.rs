//! The observation state machine of a subarray.

use std::fmt;

use harness_tango::control_model::ObsState;
use thiserror::Error;

/// What the component behind the device holds.
///
/// Together with the obsState it makes up the internal states of `ska-tango-base`: RESOURCING
/// while nothing is held is its RESOURCING_EMPTY, RESETTING while nothing is held its
/// RESETTING_EMPTY, CONFIGURING while configured its CONFIGURING_READY. It decides where a
/// transient state ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Holding {
    /// No resources.
    Nothing,
    /// Resources, but no configuration.
    Resources,
    /// Resources and a configuration.
    Configuration,
}

impl Holding {
    /// The obsState in which a subarray rests while it holds this.
    #[must_use]
    pub const fn resting_state(self) -> ObsState {
        match self {
            Holding::Nothing => ObsState::Empty,
            Holding::Resources => ObsState::Idle,
            Holding::Configuration => ObsState::Ready,
        }
    }
}

/// What drives the machine: a command that begins or has ended, or the component behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trigger {
    /// A command that assigns or releases resources begins.
    ResourcingInvoked,
    /// A command that assigns or releases resources has ended.
    ResourcingCompleted,
    /// The component has got its first resources.
    ComponentResourced,
    /// The component has lost its last resources.
    ComponentUnresourced,
    /// A configuration begins.
    ConfigureInvoked,
    /// A configuration has ended.
    ConfigureCompleted,
    /// The component is configured.
    ComponentConfigured,
    /// The component is not configured any more.
    ComponentUnconfigured,
    /// The component began to scan.
    ComponentScanning,
    /// The component does not scan any more.
    ComponentNotScanning,
    /// An abort begins.
    AbortInvoked,
    /// An abort has ended.
    AbortCompleted,
    /// An ObsReset begins.
    ObsResetInvoked,
    /// An ObsReset has ended.
    ObsResetCompleted,
    /// A restart begins.
    RestartInvoked,
    /// A restart has ended.
    RestartCompleted,
    /// The component has failed; expected in every state.
    ComponentFault,
}

/// A trigger that the machine does not expect in its present state.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("{trigger:?} is not expected in observation state {obs_state}")]
pub struct UnexpectedTrigger {
    /// What came.
    pub trigger: Trigger,
    /// The state that the machine was in, and still is.
    pub obs_state: ObsState,
}

/// The observation state machine of `ska-tango-base` (0.15 and later).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ObsStateMachine {
    obs_state: ObsState,
    holding: Holding,
}

impl ObsStateMachine {
    /// A machine in EMPTY.
    #[must_use]
    pub const fn new() -> ObsStateMachine {
        ObsStateMachine {
            obs_state: ObsState::Empty,
            holding: Holding::Nothing,
        }
    }

    /// The state that the device shows.
    #[must_use]
    pub const fn obs_state(&self) -> ObsState {
        self.obs_state
    }

    /// What the component holds.
    #[must_use]
    pub const fn holding(&self) -> Holding {
        self.holding
    }

    /// Follows a trigger; returns the new obsState if it is another one.
    ///
    /// # Errors
    ///
    /// [`UnexpectedTrigger`] if the present state does not know the trigger; nothing has changed.
    pub fn fire(&mut self, trigger: Trigger) -> Result<Option<ObsState>, UnexpectedTrigger> {
        let (obs_state, holding) =
            follow(self.obs_state, self.holding, trigger).ok_or(UnexpectedTrigger {
                trigger,
                obs_state: self.obs_state,
            })?;
        let changed = obs_state != self.obs_state;
        *self = ObsStateMachine { obs_state, holding };
        Ok(changed.then_some(obs_state))
    }

    /// Puts the machine into a state, whatever it was in. What the component holds is made to fit:
    /// READY has a configuration, EMPTY has nothing.
    pub fn force(&mut self, obs_state: ObsState) {
        self.holding = match obs_state {
            ObsState::Empty | ObsState::Restarting => Holding::Nothing,
            ObsState::Idle => Holding::Resources,
            ObsState::Ready | ObsState::Scanning => Holding::Configuration,
            ObsState::Resourcing => self.holding.min(Holding::Resources),
            ObsState::Configuring => self.holding.max(Holding::Resources),
            ObsState::Aborting | ObsState::Aborted | ObsState::Resetting | ObsState::Fault => {
                self.holding
            }
        };
        self.obs_state = obs_state;
    }

    /// Is in an obsState without having gone there: what is held stays as it is.
    pub(crate) const fn show(&mut self, obs_state: ObsState) {
        self.obs_state = obs_state;
    }
}

impl Default for ObsStateMachine {
    fn default() -> ObsStateMachine {
        ObsStateMachine::new()
    }
}

impl fmt::Display for ObsStateMachine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.obs_state)
    }
}

/// The transitions of the machine; `None` where the trigger is not expected.
fn follow(obs_state: ObsState, holding: Holding, trigger: Trigger) -> Option<(ObsState, Holding)> {
    use ObsState as S;

    Some(match (trigger, obs_state) {
        (Trigger::ResourcingInvoked, S::Empty | S::Idle) => (S::Resourcing, holding),
        (Trigger::ComponentResourced, S::Resourcing) => (S::Resourcing, Holding::Resources),
        (Trigger::ComponentUnresourced, S::Resourcing) => (S::Resourcing, Holding::Nothing),
        (Trigger::ResourcingCompleted, S::Resourcing) => (holding.resting_state(), holding),

        (Trigger::ConfigureInvoked, S::Idle | S::Ready) => (S::Configuring, holding),
        (Trigger::ComponentConfigured, S::Configuring) => (S::Configuring, Holding::Configuration),
        (Trigger::ConfigureCompleted, S::Configuring) => (holding.resting_state(), holding),

        (Trigger::ComponentScanning, S::Ready) => (S::Scanning, holding),
        (Trigger::ComponentNotScanning, S::Scanning) => (S::Ready, holding),
        (Trigger::ComponentNotScanning, S::Aborting) => (S::Aborting, holding),
        (Trigger::ComponentUnconfigured, S::Ready | S::Idle) => (S::Idle, Holding::Resources),
        (Trigger::ComponentUnconfigured, S::Aborting) => (S::Aborting, Holding::Resources),

        (
            Trigger::AbortInvoked,
            S::Resourcing | S::Idle | S::Configuring | S::Ready | S::Scanning | S::Resetting,
        ) => (S::Aborting, holding),
        (Trigger::AbortCompleted, S::Aborting) => (S::Aborted, holding),
        (Trigger::ObsResetInvoked, S::Aborted | S::Fault) => (S::Resetting, holding),
        (Trigger::ObsResetCompleted, S::Resetting) => {
            let holding = holding.min(Holding::Resources);
            (holding.resting_state(), holding)
        }
        (Trigger::RestartInvoked, S::Aborted | S::Fault) => (S::Restarting, holding),
        (Trigger::RestartCompleted, S::Restarting) => (S::Empty, Holding::Nothing),

        (Trigger::ComponentFault, _) => (S::Fault, holding),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Holding, ObsState, ObsStateMachine, Trigger};

    fn machine_after(triggers: &[Trigger]) -> ObsStateMachine {
        let mut machine = ObsStateMachine::new();
        for trigger in triggers {
            machine.fire(*trigger).unwrap();
        }
        machine
    }

    const ASSIGNED: [Trigger; 3] = [
        Trigger::ResourcingInvoked,
        Trigger::ComponentResourced,
        Trigger::ResourcingCompleted,
    ];
    const CONFIGURED: [Trigger; 3] = [
        Trigger::ConfigureInvoked,
        Trigger::ComponentConfigured,
        Trigger::ConfigureCompleted,
    ];

    #[test]
    fn a_resourcing_that_brings_nothing_falls_back_to_empty() {
        let machine = machine_after(&[Trigger::ResourcingInvoked, Trigger::ResourcingCompleted]);
        assert_eq!(machine.obs_state(), ObsState::Empty);
    }

    #[test]
    fn a_configuration_that_brings_nothing_falls_back_to_where_it_began() {
        let mut machine = machine_after(&ASSIGNED);
        machine.fire(Trigger::ConfigureInvoked).unwrap();
        machine.fire(Trigger::ConfigureCompleted).unwrap();
        assert_eq!(machine.obs_state(), ObsState::Idle);
        for trigger in CONFIGURED {
            machine.fire(trigger).unwrap();
        }
        assert_eq!(machine.obs_state(), ObsState::Ready);
        machine.fire(Trigger::ConfigureInvoked).unwrap();
        machine.fire(Trigger::ConfigureCompleted).unwrap();
        assert_eq!(machine.obs_state(), ObsState::Ready);
    }

    #[test]
    fn a_reset_leads_to_idle_or_empty_by_what_is_held() {
        let reset = [
            Trigger::AbortInvoked,
            Trigger::AbortCompleted,
            Trigger::ObsResetInvoked,
            Trigger::ObsResetCompleted,
        ];
        let mut interrupted = machine_after(&[Trigger::ResourcingInvoked]);
        let mut ready = machine_after(&[ASSIGNED, CONFIGURED].concat());
        for trigger in reset {
            interrupted.fire(trigger).unwrap();
            ready.fire(trigger).unwrap();
        }
        assert_eq!(interrupted.obs_state(), ObsState::Empty);
        assert_eq!(ready.obs_state(), ObsState::Idle);
        assert_eq!(ready.holding(), Holding::Resources);
    }

    #[test]
    fn a_fault_is_possible_everywhere_and_left_by_restart() {
        for state in ObsState::ALL {
            let mut machine = ObsStateMachine::new();
            machine.force(*state);
            machine.fire(Trigger::ComponentFault).unwrap();
            assert_eq!(machine.obs_state(), ObsState::Fault);
            machine.fire(Trigger::RestartInvoked).unwrap();
            assert_eq!(
                machine.fire(Trigger::RestartCompleted),
                Ok(Some(ObsState::Empty))
            );
        }
    }

    #[test]
    fn an_unexpected_trigger_changes_nothing_and_says_so() {
        let mut machine = machine_after(&ASSIGNED);
        let before = machine;
        let error = machine.fire(Trigger::ComponentScanning).unwrap_err();
        assert_eq!(machine, before);
        assert_eq!(
            error.to_string(),
            "ComponentScanning is not expected in observation state IDLE"
        );
    }

    #[test]
    fn a_forced_state_holds_what_it_needs() {
        let mut machine = ObsStateMachine::new();
        machine.force(ObsState::Ready);
        assert_eq!(machine.holding(), Holding::Configuration);
        machine.force(ObsState::Resourcing);
        assert_eq!(machine.holding(), Holding::Resources);
        machine.force(ObsState::Empty);
        machine.force(ObsState::Configuring);
        assert_eq!(machine.holding(), Holding::Resources);
    }
}
