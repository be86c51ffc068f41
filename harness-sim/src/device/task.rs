//! One execution of a long running command.

use std::time::Duration;

use harness_tango::control_model::ObsState;
use tokio::time::Instant;

use super::errand::Errands;
use super::{DeviceId, Order};
use crate::lrc::{CommandId, Outcome};
use crate::model::Progression;

/// The device that gave a command, and what it calls it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Client {
    pub(crate) device: DeviceId,
    pub(crate) errand: u64,
}

/// One execution of a long running command, waiting or under way.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) id: CommandId,
    pub(super) order: Order,
    pub(super) ending: Ending,
    pub(super) pace: Pace,
    pub(super) client: Option<Client>,
    pub(super) errands: Errands,
    /// When others must have done what they had to.
    pub(super) deadline: Option<Instant>,
}

impl Task {
    /// When something is to be done about it, if time alone decides.
    pub(super) fn due(&self) -> Option<Instant> {
        self.pace.due().into_iter().chain(self.deadline).min()
    }
}

/// How an execution will end.
#[derive(Clone, Debug)]
pub(super) enum Ending {
    /// As it should.
    Completed,
    /// By an exception; the obsState stays where it is.
    Raised(Outcome),
    /// With a failure, after going through these obsStates.
    FailedIn(Vec<ObsState>, Outcome),
    /// Never, in this obsState if it is given.
    Stuck(Option<ObsState>),
    /// Before it begins.
    Rejected(Outcome),
    /// As it should, after these obsStates instead of the ordinary ones.
    Played(Vec<(ObsState, Duration)>),
}

/// When an execution makes its next step.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pace {
    /// At the next third of its time; the third step is the end.
    Timed {
        started: Instant,
        time: Duration,
        step: u8,
    },
    /// After so many reads of obsState it ends.
    Reads { left: u32 },
    /// At this moment the next of the obsStates that are played is due.
    Played { next: usize, due: Instant },
    /// Its own part is done; others have still to do theirs.
    Others,
    /// It does not go on by itself.
    Never,
}

impl Pace {
    /// The number of the step that ends an execution.
    pub(super) const LAST_STEP: u8 = 3;

    pub(super) const fn begin(progression: Progression, now: Instant) -> Pace {
        match progression {
            Progression::Immediate | Progression::AfterReads(0) => Pace::Timed {
                started: now,
                time: Duration::ZERO,
                step: 1,
            },
            Progression::After(time) => Pace::Timed {
                started: now,
                time,
                step: 1,
            },
            Progression::AfterReads(left) => Pace::Reads { left },
        }
    }

    /// The end is due.
    pub(super) const fn ending_at(now: Instant) -> Pace {
        Pace::Timed {
            started: now,
            time: Duration::ZERO,
            step: Pace::LAST_STEP,
        }
    }

    /// When the next step is due, if time alone decides.
    pub(super) fn due(self) -> Option<Instant> {
        match self {
            Pace::Timed {
                started,
                time,
                step,
            } if step >= Pace::LAST_STEP => Some(started + time),
            Pace::Timed {
                started,
                time,
                step,
            } => Some(started + time / u32::from(Pace::LAST_STEP) * u32::from(step)),
            Pace::Played { due, .. } => Some(due),
            Pace::Reads { .. } | Pace::Others | Pace::Never => None,
        }
    }
}
