//! One scenario's dealings with the telescope.

use std::{sync::Arc, time::Duration};

use futures_util::future::join_all;
use harness_core::{
    TracedDevice,
    fault::{FaultError, FaultGuard},
    tracer::TracerError,
};
use harness_tango::{
    control_model::ObsState,
    subarray::Subarray,
    telescope::{LeftBehind, NoSuchSubarray, Role, RoleKind, SwitchError, System, Telescope},
};
use tokio::task::JoinSet;

use super::{
    Act, Aspect, Beginning, Finder, Sent, Target, UnexpectedRefusal, When, undone::Undone,
    watching::Logs,
};
use crate::{BoxError, phrase::Who};

/// The attribute that the steps about subarrays look at.
pub(crate) const OBS_STATE: &str = "obsState";
/// The state that every Tango device has.
pub(crate) const STATE: &str = "State";
/// The state of the whole telescope, which the central node tells.
pub(crate) const TELESCOPE_STATE: &str = "telescopeState";

/// What a scenario did with the telescope so far: the part of a World that the library's steps use.
///
/// It remembers which subarrays were touched, so that they are put back afterwards, and where in the
/// record each When began: a Then looks at what happened since, so that a state that was reached in
/// the Given can't satisfy it.
#[derive(Debug, Default)]
pub struct TelescopeSession {
    telescope: Option<Arc<Telescope>>,
    whens: Vec<When>,
    /// What the Givens named: what `it` stands for.
    subject: Vec<Target>,
    /// What the last line named: what `they` stands for.
    mentioned: Vec<Target>,
    /// The number of the subarray that was named last.
    number: Option<u32>,
    /// What is to be undone when the scenario is over.
    pub(super) undone: Undone,
    /// What keeps subarrays in states that they would leave by themselves.
    #[cfg(feature = "sim")]
    holds: Vec<(Option<u32>, FaultGuard)>,
    /// The logs that are listened to.
    pub(super) logs: Logs,
    /// What is done later, unless the scenario is over by then.
    later: JoinSet<()>,
    /// Whether the scenario knows, or has said, how the telescope is powered.
    power_is_known: bool,
    #[cfg(feature = "sim")]
    simulated: Option<harness_sim::TelescopeHandle>,
    /// The network that the telescope is connected through, and what goes wrong in it.
    #[cfg(feature = "chaos")]
    pub(super) network: super::Networked,
}

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
    /// The telescope is not connected through gates.
    #[cfg(feature = "chaos")]
    #[error(
        "the telescope is not connected through gates, so nothing can go wrong with its network; \
         `harness run` does so by itself, other suites by `Suite::through`"
    )]
    NoNetwork,
    /// The telescope has no such subarray.
    #[error(transparent)]
    NoSubarray(#[from] NoSuchSubarray),
    /// A line names devices that the telescope does not have.
    #[error("{telescope} has no {who}; {advice}")]
    NobodyIs {
        /// The telescope.
        telescope: String,
        /// Whom the line names.
        who: String,
        /// What to do.
        advice: String,
    },
    /// The subarray's obsState can't be watched.
    #[error("what the subarray does can't be followed")]
    Watch(#[source] Box<TracerError>),
    /// An earlier scenario left the subarray in a state from which it could not be brought back.
    #[error(
        "this scenario can not use it: {0}; restart its device, or bring it to EMPTY by hand: before \
         each scenario it is looked at again"
    )]
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
    /// [`SessionError::NoTelescope`], [`SessionError::NoSubarray`], [`SessionError::LeftBehind`].
    pub fn subarray(&mut self, number: u32) -> Result<Subarray, SessionError> {
        let subarray = self.telescope()?.subarray(number)?;
        self.undone.check(System::Tmc, number)?;
        self.touch(&subarray);
        Ok(subarray)
    }

    /// The number of the subarray that the scenario is about: the one that was named last, or the
    /// telescope's first.
    ///
    /// # Errors
    /// [`SessionError::NoTelescope`].
    pub fn number(&self) -> Result<u32, SessionError> {
        let first = self.telescope()?.config().subarrays().first().copied();
        Ok(self.number.or(first).unwrap_or(1))
    }

    /// How long a scan takes: what the last Configure said, or says if it takes the telescope's input.
    /// Zero if it says nothing.
    pub(crate) fn scan_duration(&self) -> Result<Duration, SessionError> {
        let configured = self
            .commands()
            .find(|(_, sent)| sent.command == "Configure");
        let said = configured.and_then(|(_, sent)| sent.argument.as_deref());
        let input = match said {
            Some(said) => said.to_owned(),
            None => self
                .telescope()?
                .subarray(self.number()?)?
                .inputs()
                .configure(),
        };
        let json: Option<serde_json::Value> = serde_json::from_str(&input).ok();
        let seconds = json.and_then(|json| json.pointer("/tmc/scan_duration")?.as_f64());
        let duration = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        Ok(duration.unwrap_or_default())
    }

    /// The devices that a line names; the scenario's own if it names nobody.
    pub(crate) fn targets(
        &mut self,
        who: Option<&Who>,
        aspect: Aspect,
    ) -> Result<Vec<Target>, SessionError> {
        if let Some(number) = who.and_then(Who::number) {
            self.number = Some(number);
        }
        let targets = self.finder()?.all(who, aspect)?;
        self.mentioned.clone_from(&targets);
        Ok(targets)
    }

    /// Finds devices as lines name them now.
    pub(super) fn finder(&self) -> Result<Finder<'_>, SessionError> {
        Ok(Finder {
            telescope: self.telescope()?,
            subject: &self.subject,
            mentioned: &self.mentioned,
            number: self.number()?,
        })
    }

    /// Says that the scenario is about these devices: `it` stands for them from now on. If the telescope
    /// manager is among them, it is about that, as for every scenario that says nothing.
    pub(crate) fn set_subject(&mut self, targets: &[Target]) {
        let manager = targets
            .iter()
            .any(|target| target.system == Some(System::Tmc) || target.system.is_none());
        self.subject = if manager {
            Vec::new()
        } else {
            targets.to_vec()
        };
    }

    /// Says that a When on this subarray begins now: what follows is what the next Then looks at.
    /// The library's own steps do it themselves; call it in When steps of your own.
    ///
    /// # Errors
    /// As [`TelescopeSession::subarray`], and [`SessionError::Watch`].
    pub async fn begin_when(&mut self, number: u32) -> Result<(), SessionError> {
        self.subarray(number)?;
        let beginning = self.begin().await?;
        self.note(number, beginning, Act::Other);
        Ok(())
    }

    /// Says that a When begins now: from here on nothing is missed that devices do which lines speak of.
    ///
    /// # Errors
    /// [`SessionError::Watch`] for a subarray that was touched and can't be watched. Others that can't
    /// are left to the line that asks for them.
    pub(crate) async fn begin(&mut self) -> Result<Beginning, SessionError> {
        let telescope = self.telescope()?;
        let watched = telescope.devices().filter_map(|(device, traced)| {
            let attributes: &[&str] = match device.role?.kind() {
                RoleKind::Subarray => &[OBS_STATE, STATE],
                RoleKind::CentralNode => &[STATE, TELESCOPE_STATE],
                _ => &[STATE],
            };
            Some(attributes.iter().map(|attribute| traced.watch(attribute)))
        });
        // those that fail are told by the line that needs them
        join_all(watched.flatten()).await;
        let touched = join_all(
            self.undone
                .subarrays
                .values()
                .map(|subarray| subarray.traced().watch(OBS_STATE)),
        );
        let touched: Result<Vec<_>, _> = touched.await.into_iter().collect();
        touched.map_err(|error| SessionError::Watch(Box::new(error)))?;
        self.watch_wanted().await?;
        let telescope = self.telescope()?;
        let tracer = telescope.tracer();
        let before = telescope.devices().filter_map(|(_, traced)| {
            let reading = tracer.latest(traced.name(), OBS_STATE)?;
            Some((
                traced.name().clone(),
                ObsState::try_from(&reading.value).ok()?,
            ))
        });
        Ok(Beginning {
            before: Arc::new(before.collect()),
            mark: tracer.mark(),
        })
    }

    /// Keeps a fault going until the end of the scenario.
    pub fn keep_fault(&mut self, guard: FaultGuard) {
        self.undone.faults.push(guard);
    }

    /// Keeps the subarray with this number where it is until the end of the scenario, or until
    /// [`release_holds`](Self::release_holds).
    #[cfg(feature = "sim")]
    pub(crate) fn keep_hold(&mut self, number: Option<u32>, guard: FaultGuard) {
        self.holds.push((number, guard));
    }

    /// Sends a command without an argument when this time is over, unless the scenario is by then. What
    /// the device answers is in the record.
    pub(crate) fn send_later(
        &mut self,
        device: &TracedDevice,
        command: &'static str,
        time: Duration,
    ) {
        let note = format!(
            "{command} follows on {} after {} s",
            device.name(),
            time.as_secs_f64()
        );
        device.tracer().journal().note(note);
        let device = device.clone();
        self.later.spawn(async move {
            tokio::time::sleep(time).await;
            // it may be refused, if something else has ended what it was to end
            let _ = device.command(command, ()).await;
        });
    }

    /// Lets the subarray with this number go on that was kept where it is; without a number, all of
    /// them.
    #[cfg_attr(
        not(feature = "sim"),
        expect(clippy::unused_async, reason = "there is nothing to wait for")
    )]
    pub(crate) async fn release_holds(&mut self, number: Option<u32>) -> Result<(), FaultError> {
        #[cfg(feature = "sim")]
        {
            let is_meant = |(of, _): &mut (Option<u32>, FaultGuard)| {
                number.is_none() || of.is_none() || *of == number
            };
            let released: Vec<_> = self.holds.extract_if(.., is_meant).collect();
            for (_, guard) in released {
                guard.stop().await?;
            }
        }
        #[cfg(not(feature = "sim"))]
        let _ = number;
        Ok(())
    }

    /// Brings the telescope ON, unless the scenario did so already or has said otherwise. A telescope
    /// of subarrays alone is left as it is.
    ///
    /// # Errors
    /// [`SessionError::NoTelescope`]; whatever keeps the telescope from being ON.
    pub async fn ensure_on(&mut self) -> Result<(), BoxError> {
        let telescope = self.telescope()?;
        let is_whole = telescope.devices().any(|(device, _)| {
            let kind = device.role.map(Role::kind);
            matches!(kind, Some(RoleKind::CentralNode | RoleKind::Controller))
        });
        if is_whole && !self.power_is_known {
            telescope.bring_on().await?;
        }
        self.power_is_known = true;
        Ok(())
    }

    /// Says that the scenario cares for the power of the telescope itself.
    pub(crate) fn set_power_known(&mut self) {
        self.power_is_known = true;
    }

    /// Whether the scenario cares for the power of the telescope itself, or has brought it ON.
    pub(crate) fn is_power_known(&self) -> bool {
        self.power_is_known
    }

    /// Hands over a fault that is going on, by its description; the names of devices and commands
    /// in it are written in any case of letters.
    #[cfg(any(feature = "sim", feature = "chaos"))]
    pub(crate) fn take_fault(&mut self, description: &str) -> Option<FaultGuard> {
        let mut faults = self.undone.faults.iter();
        let index =
            faults.position(|fault| fault.description().eq_ignore_ascii_case(description))?;
        Some(self.undone.faults.remove(index))
    }

    /// Says what the When that began there did.
    pub(crate) fn note(&mut self, number: impl Into<Option<u32>>, beginning: Beginning, act: Act) {
        self.whens.push(When {
            mark: beginning.mark,
            number: number.into(),
            act,
            before: beginning.before,
        });
    }

    /// Says anew what the last When did that satisfies `wanted`.
    pub(crate) fn note_again(&mut self, wanted: impl Fn(&When) -> bool, act: Act) {
        if let Some(when) = self.whens.iter_mut().rev().find(|when| wanted(when)) {
            when.act = act;
        }
    }

    /// The last When that was about this subarray, or about the telescope; for a device that belongs
    /// to no subarray, the last one of all.
    pub(crate) fn last_when(&self, number: Option<u32>) -> Option<&When> {
        let is_about =
            |when: &&When| number.is_none() || when.number.is_none() || when.number == number;
        self.whens.iter().rev().find(is_about)
    }

    /// The first When of the scenario.
    pub(crate) fn first_when(&self) -> Option<&When> {
        self.whens.first()
    }

    /// An error if a command was refused and no line says that it should be.
    pub(crate) fn check_refusals(&self) -> Result<(), UnexpectedRefusal> {
        self.whens
            .iter()
            .try_for_each(|when| when.act.check_accepted())
    }

    /// The last When that sent a command.
    pub(crate) fn last_command(&self) -> Result<&When, SessionError> {
        let mut whens = self.whens.iter().rev();
        whens
            .find(|when| matches!(when.act, Act::Sent(_)))
            .ok_or(SessionError::NoCommand)
    }

    /// All commands that were sent, the last one first.
    pub(crate) fn commands(&self) -> impl Iterator<Item = (&When, &Sent)> {
        self.whens.iter().rev().filter_map(|when| match &when.act {
            Act::Sent(sent) => Some((when, sent)),
            _ => None,
        })
    }

    /// Hands over what has to be undone, and forgets it.
    pub(crate) fn take_undone(&mut self) -> Undone {
        self.whens.clear();
        self.later.abort_all();
        #[cfg(feature = "sim")]
        let holds = std::mem::take(&mut self.holds).into_iter();
        #[cfg(feature = "sim")]
        self.undone.keep_faults(holds.map(|(_, hold)| hold));
        std::mem::take(&mut self.undone)
    }
}
