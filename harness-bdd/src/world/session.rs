//! One scenario's dealings with the telescope.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use harness_core::{Mark, fault::FaultGuard, tracer::TracerError};
use harness_tango::{
    control_model::ObsState,
    lrc::{Refusal, SentCommand},
    subarray::Subarray,
    telescope::{LeftBehind, NoSuchSubarray, SwitchError, System, Telescope},
};

use super::undone::Undone;

/// The attribute that the steps about subarrays look at.
pub(crate) const OBS_STATE: &str = "obsState";

/// What a scenario did with the telescope so far: the part of a World that the library's steps use.
///
/// It remembers which subarrays were touched, so that they are put back afterwards, and where in the
/// record the last When on each of them began: a Then looks at what happened since, so that a state
/// that was reached in the Given can't satisfy it.
#[derive(Debug, Default)]
pub struct TelescopeSession {
    telescope: Option<Arc<Telescope>>,
    touched: BTreeMap<u32, Dealings>,
    /// The subarray that got the last command.
    commanded: Option<u32>,
    /// What is to be undone when the scenario is over.
    pub(super) undone: Undone,
    #[cfg(feature = "sim")]
    simulated: Option<harness_sim::TelescopeHandle>,
}

/// What was done with one subarray.
#[derive(Debug)]
pub(crate) struct Dealings {
    pub(crate) subarray: Subarray,
    /// Where the last When began, and what it did.
    pub(crate) last_when: Option<(Mark, Act)>,
}

/// What a When did.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Brought the subarray to a state; it has arrived.
    Reached(ObsState),
    /// Sent a command; what it causes is yet to come.
    Sent(Sent),
    /// Something that the library knows nothing of.
    Other,
}

/// A command that was sent, and what came back at once.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) command: String,
    /// The state before.
    pub(crate) before: ObsState,
    pub(crate) answer: Answer,
}

/// What a device said at once to a command.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    /// Yes; its result may be yet to come.
    Accepted(Arc<SentCommand>),
    /// No, and no line has said yet that this is right.
    Refused(Refusal),
    /// No, as a line expected it.
    RefusedAsExpected,
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
            Self::Sent(Sent {
                answer: Answer::Accepted(sent),
                ..
            }) => Some(sent),
            _ => None,
        }
    }
}

/// A command was refused although no line says that it should be.
#[derive(Debug, thiserror::Error)]
#[error("{0}; if that is right, say `Then the command is rejected`")]
pub(crate) struct UnexpectedRefusal(Refusal);

/// Why a step can't use the telescope.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// Nobody gave the World a telescope.
    #[error(
        "there is no telescope in this World; give the suite one with `Suite::on_telescope`, \
         or attach one in a set-up"
    )]
    NoTelescope,
    /// The telescope is none that is simulated in this process.
    #[cfg(feature = "sim")]
    #[error(
        "this line needs the telescope that is simulated in this process: `harness run` without \
         --telescope, or `TelescopeSession::attach_simulated`"
    )]
    NotSimulated,
    /// The telescope has no such subarray.
    #[error(transparent)]
    NoSubarray(#[from] NoSuchSubarray),
    /// The subarray's obsState can't be watched.
    #[error("what the subarray does can't be followed")]
    Watch(#[source] Box<TracerError>),
    /// An earlier scenario left the subarray in a state from which it could not be brought back.
    #[error("this scenario can not use it: {0}")]
    LeftBehind(Box<LeftBehind>),
    /// The telescope could not be switched.
    #[error(transparent)]
    Switch(#[from] SwitchError),
    /// A Then has nothing to look at.
    #[error("nothing was done with subarray {subarray} yet: this line needs a When before it")]
    NoWhen {
        /// The subarray's number.
        subarray: u32,
    },
    /// A Then about a command has nothing to look at.
    #[error("no command was sent yet: this line needs a `When the command .. is sent` before it")]
    NoCommand,
}

impl TelescopeSession {
    /// Gives the scenario a telescope, in place of the one it had.
    pub fn attach(&mut self, telescope: Arc<Telescope>) {
        self.telescope = Some(telescope);
    }

    /// The telescope.
    ///
    /// # Errors
    /// [`SessionError::NoTelescope`].
    pub fn telescope(&self) -> Result<&Telescope, SessionError> {
        self.telescope.as_deref().ok_or(SessionError::NoTelescope)
    }

    /// Says that the telescope is simulated in this process, so that lines about its transitions can
    /// be used.
    #[cfg(feature = "sim")]
    pub fn attach_simulated(&mut self, telescope: harness_sim::TelescopeHandle) {
        self.simulated = Some(telescope);
    }

    /// The telescope, as one that is simulated in this process.
    ///
    /// # Errors
    /// [`SessionError::NotSimulated`].
    #[cfg(feature = "sim")]
    pub fn simulated(&self) -> Result<&harness_sim::TelescopeHandle, SessionError> {
        self.simulated.as_ref().ok_or(SessionError::NotSimulated)
    }

    /// A subarray of the telescope, which will be put back to EMPTY after the scenario.
    ///
    /// # Errors
    /// [`SessionError::NoTelescope`], [`SessionError::NoSubarray`].
    pub fn subarray(&mut self, number: u32) -> Result<Subarray, SessionError> {
        self.dealings(number)
            .map(|dealings| dealings.subarray.clone())
    }

    /// Says that a When on this subarray begins now: what follows is what the next Then looks at.
    /// The library's own steps do it themselves; call it in When steps of your own.
    ///
    /// # Errors
    /// As [`TelescopeSession::subarray`], and [`SessionError::Watch`].
    pub async fn begin_when(&mut self, number: u32) -> Result<(), SessionError> {
        let mark = self.watched_mark(number).await?;
        self.note_when(number, mark, Act::Other)
    }

    /// The present end of the record, from which on no change of the subarray's obsState is missed.
    pub(crate) async fn watched_mark(&mut self, number: u32) -> Result<Mark, SessionError> {
        let subarray = self.subarray(number)?;
        subarray
            .traced()
            .watch(OBS_STATE)
            .await
            .map_err(|error| SessionError::Watch(Box::new(error)))?;
        Ok(subarray.traced().tracer().mark())
    }

    /// Keeps a fault going until the end of the scenario.
    pub fn keep_fault(&mut self, guard: FaultGuard) {
        self.undone.faults.push(guard);
    }

    /// Hands over a fault that is going on, by its description; the names of devices and commands
    /// in it are written in any case of letters.
    #[cfg(feature = "sim")]
    pub(crate) fn take_fault(&mut self, description: &str) -> Option<FaultGuard> {
        let mut faults = self.undone.faults.iter();
        let index =
            faults.position(|fault| fault.description().eq_ignore_ascii_case(description))?;
        Some(self.undone.faults.remove(index))
    }

    pub(crate) fn note_when(
        &mut self,
        number: u32,
        mark: Mark,
        act: Act,
    ) -> Result<(), SessionError> {
        if matches!(act, Act::Sent(_)) {
            self.commanded = Some(number);
        }
        self.dealings(number)?.last_when = Some((mark, act));
        Ok(())
    }

    /// What the last When did with this subarray, and where it began.
    pub(crate) fn last_when(&mut self, number: u32) -> Result<Option<(Mark, Act)>, SessionError> {
        Ok(self.dealings(number)?.last_when.clone())
    }

    /// The subarray that got the last command.
    pub(crate) fn commanded(&self) -> Result<u32, SessionError> {
        self.commanded.ok_or(SessionError::NoCommand)
    }

    /// Hands over what has to be undone, and forgets it.
    pub(crate) fn take_undone(&mut self) -> Undone {
        let touched = std::mem::take(&mut self.touched);
        for dealings in touched.values() {
            self.undone.touch(&dealings.subarray);
        }
        self.commanded = None;
        std::mem::take(&mut self.undone)
    }

    fn dealings(&mut self, number: u32) -> Result<&mut Dealings, SessionError> {
        let telescope = self.telescope.as_ref().ok_or(SessionError::NoTelescope)?;
        self.undone.check(System::Tmc, number)?;
        Ok(match self.touched.entry(number) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(place) => place.insert(Dealings {
                subarray: telescope.subarray(number)?,
                last_when: None,
            }),
        })
    }
}
