//! One execution of a long running command.

use std::time::Duration;

use harness_tango::control_model::{ObsState, ResultCode};
use tokio::time::Instant;

use super::errand::Errands;
use super::{DeviceId, Order};
use crate::lrc::{CommandId, Outcome};
use crate::transition::{self, Execution};

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
    /// Knows when the device has done its own part, and how.
    pub(super) execution: Execution,
    pub(super) pace: Pace,
    pub(super) client: Option<Client>,
    /// Whether others were asked to do their part, if there is any.
    pub(super) has_begun: bool,
    pub(super) errands: Errands,
    pub(super) retries: u8,
    /// When others must have done what they had to.
    pub(super) deadline: Option<Instant>,
    /// When something is to be done about it, as of the last look.
    pub(super) due: Option<Instant>,
}

impl Task {
    /// Looks when something is to be done about it.
    pub(super) fn look(&mut self, now: Instant) {
        let own = match self.pace {
            Pace::Own { step } => {
                let end = self.execution.next_due(now);
                let progress = self.progress_due(step).filter(|_| end.is_some());
                progress.into_iter().chain(end).min()
            }
            Pace::Played { due, .. } => Some(due),
            Pace::Others | Pace::Never => None,
        };
        self.due = own.into_iter().chain(self.deadline).min();
    }

    /// When a third or two thirds of its time have passed, if time decides.
    pub(super) fn progress_due(&self, step: u8) -> Option<Instant> {
        let time = self.execution.dwell().filter(|_| step < Pace::LAST_STEP)?;
        let passed = time / u32::from(Pace::LAST_STEP) * u32::from(step);
        self.execution.started().checked_add(passed)
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
    /// By a fault of the device.
    Faulted(Outcome),
    /// Before it begins.
    Rejected(Outcome),
    /// As it should, after these obsStates instead of the ordinary ones.
    Played(Vec<(ObsState, Duration)>),
}

impl Ending {
    /// As testers have set it.
    pub(super) fn of(outcome: transition::Outcome) -> Ending {
        let failed = |message| Outcome::new(ResultCode::Failed, message);
        match outcome {
            transition::Outcome::Succeed => Ending::Completed,
            transition::Outcome::Fail { message, result } => {
                Ending::Raised(Outcome::new(result, message))
            }
            transition::Outcome::Reject { message, .. } => {
                Ending::Rejected(Outcome::new(ResultCode::Rejected, message))
            }
            transition::Outcome::Stuck { state } => {
                // the model knows only such states
                Ending::Stuck(state.and_then(|state| state.parse().ok()))
            }
            transition::Outcome::Fault { message } => Ending::Faulted(failed(message)),
        }
    }
}

/// When an execution makes its next step.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pace {
    /// As the device does its own part; the first two steps are progress.
    Own { step: u8 },
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
}
