//! What a command does to a device, whatever it is called.

use harness_tango::control_model::{DevState, ObsState};

use super::{Holding, Trigger};
use crate::dish::{Band, DishMode};

/// What a command does to a device, whatever the command is called there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Job {
    /// Gives resources to the subarray.
    Assign,
    /// Takes the named resources away.
    Release,
    /// Takes all resources away.
    ReleaseAll,
    /// Prepares a scan.
    Configure,
    /// Begins a scan, which lasts until it is ended.
    Scan,
    /// Ends the scan.
    EndScan,
    /// Gives the configuration up.
    End,
    /// Interrupts whatever is being done.
    Abort,
    /// Gives the configuration up after an abort or a fault, keeps the resources.
    ObsReset,
    /// Gives everything up after an abort or a fault.
    Restart,
    /// Switches the device on.
    On,
    /// Switches the device off.
    Off,
    /// Puts the device on standby.
    Standby,
    /// Takes the device out of use.
    Disable,
    /// Puts the dish into a mode.
    SetDishMode(DishMode),
    /// Prepares the dish for a band.
    ConfigureBand(Band),
    /// Points the dish at a target and follows it.
    Track,
    /// Lets the dish follow its target no more.
    TrackStop,
}

impl Job {
    /// What the machine is told when the job is accepted.
    #[must_use]
    pub const fn invoked(self) -> Option<Trigger> {
        match self {
            Job::Assign | Job::Release | Job::ReleaseAll => Some(Trigger::ResourcingInvoked),
            Job::Configure => Some(Trigger::ConfigureInvoked),
            Job::Abort => Some(Trigger::AbortInvoked),
            Job::ObsReset => Some(Trigger::ObsResetInvoked),
            Job::Restart => Some(Trigger::RestartInvoked),
            _ => None,
        }
    }

    /// What the machine is told when the job has been done, after its result was published.
    #[must_use]
    pub const fn completed(self) -> Option<Trigger> {
        match self {
            Job::Assign | Job::Release | Job::ReleaseAll => Some(Trigger::ResourcingCompleted),
            Job::Configure => Some(Trigger::ConfigureCompleted),
            Job::Abort => Some(Trigger::AbortCompleted),
            Job::ObsReset => Some(Trigger::ObsResetCompleted),
            Job::Restart => Some(Trigger::RestartCompleted),
            _ => None,
        }
    }

    /// The state that the device shows while the job is being done, if it has one of its own.
    #[must_use]
    pub const fn transient_state(self) -> Option<ObsState> {
        match self {
            Job::Assign | Job::Release | Job::ReleaseAll => Some(ObsState::Resourcing),
            Job::Configure => Some(ObsState::Configuring),
            Job::Abort => Some(ObsState::Aborting),
            Job::ObsReset => Some(ObsState::Resetting),
            Job::Restart => Some(ObsState::Restarting),
            _ => None,
        }
    }

    /// Whether the job ends all others, running and queued, and does not wait for its turn.
    #[must_use]
    pub const fn interrupts(self) -> bool {
        matches!(self, Job::Abort | Job::ObsReset | Job::Restart)
    }

    /// The stable state that the job is meant to lead to, given what the subarray holds; `None`
    /// for jobs that are not about observing. It is what `commandedObsState` shows.
    #[must_use]
    pub const fn commanded_state(self, holding: Holding) -> Option<ObsState> {
        match self {
            Job::Assign | Job::Release | Job::End => Some(ObsState::Idle),
            Job::ReleaseAll | Job::Restart => Some(ObsState::Empty),
            Job::Configure | Job::Scan | Job::EndScan => Some(ObsState::Ready),
            Job::Abort => Some(ObsState::Aborted),
            Job::ObsReset => Some(match holding {
                Holding::Nothing => ObsState::Empty,
                Holding::Resources | Holding::Configuration => ObsState::Idle,
            }),
            _ => None,
        }
    }

    /// The device state that the job leads to, if it is about that.
    #[must_use]
    pub const fn device_state(self) -> Option<DevState> {
        match self {
            Job::On => Some(DevState::On),
            Job::Off => Some(DevState::Off),
            Job::Standby => Some(DevState::Standby),
            Job::Disable => Some(DevState::Disable),
            _ => None,
        }
    }
}
