//! One execution of a long running command.

use std::sync::Arc;
use std::time::Duration;

use harness_tango::control_model::ObsState;
use tokio::time::Instant;

use crate::lrc::{CommandId, Outcome};
use crate::model::{CommandRule, Progression};

/// One execution of a long running command, waiting or under way.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) id: CommandId,
    pub(super) rule: &'static CommandRule,
    pub(super) argument: Arc<str>,
    pub(super) ending: Ending,
    pub(super) pace: Pace,
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
            Pace::Reads { .. } | Pace::Never => None,
        }
    }
}
