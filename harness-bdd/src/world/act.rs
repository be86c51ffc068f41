//! What the Whens of a scenario did.

use std::{collections::BTreeMap, sync::Arc};

use harness_core::{Mark, TracedDevice};
use harness_tango::{
    control_model::ObsState,
    lrc::{Refusal, SentCommand},
};

/// One When: where in the record it began, and what it did.
#[derive(Clone, Debug)]
pub(crate) struct When {
    /// Where in the record it began: a Then looks at what follows.
    pub(crate) mark: Mark,
    /// The number of the subarray that it was about; [`None`] if it was about the telescope.
    pub(crate) number: Option<u32>,
    /// What it did.
    pub(crate) act: Act,
    /// In which obsState devices were when it began, by their names.
    pub(crate) before: Arc<BTreeMap<Arc<str>, ObsState>>,
}

/// Where a When begins.
#[derive(Clone, Debug)]
pub(crate) struct Beginning {
    pub(crate) mark: Mark,
    pub(crate) before: Arc<BTreeMap<Arc<str>, ObsState>>,
}

/// What a When did.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Brought the subarray to a state; it has arrived.
    Reached(ObsState),
    /// Sent a command; what it causes is yet to come.
    Sent(Sent),
    /// Had devices begin anew: what they are then, they have become, also if they were so before.
    Initialised,
    /// Something that the library knows nothing of.
    Other,
}

/// A command that was sent, and what came back at once.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    /// The command, as the device calls it.
    pub(crate) command: String,
    /// Who got it.
    pub(crate) device: TracedDevice,
    /// The obsState before, of the subarray that it is about; [`None`] if it is about none.
    pub(crate) before: Option<ObsState>,
    /// What it was given, if anything.
    pub(crate) argument: Option<Arc<str>>,
    /// What came back.
    pub(crate) answer: Answer,
}

/// What a device said at once to a command.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Yes; its result may be yet to come.
    Accepted(Arc<SentCommand>),
    /// Yes, by an answer that is none of a long running command: it is over.
    Done,
    /// No, and no line has said yet that this is right.
    Refused(Refusal),
    /// No, as a line expected it.
    RefusedAsExpected(Refusal),
}

impl Sent {
    /// The command, if it was one that the device took.
    pub(crate) fn accepted(&self) -> Option<&Arc<SentCommand>> {
        match &self.answer {
            Answer::Accepted(sent) => Some(sent),
            _ => None,
        }
    }
}

impl Act {
    /// An error if this was a command that was refused although no line says that it should be.
    pub(crate) fn check_accepted(&self) -> Result<(), UnexpectedRefusal> {
        match self {
            Self::Sent(Sent {
                answer: Answer::Refused(refusal),
                ..
            }) => Err(UnexpectedRefusal(refusal.clone())),
            _ => Ok(()),
        }
    }

    /// The command, if it was one that the device took.
    pub(crate) fn accepted(&self) -> Option<&Arc<SentCommand>> {
        match self {
            Self::Sent(sent) => sent.accepted(),
            _ => None,
        }
    }
}

/// A command was refused although no line says that it should be.
#[derive(Debug, thiserror::Error)]
#[error("{0}; if that is right, say `Then the command is rejected`")]
pub(crate) struct UnexpectedRefusal(Refusal);
