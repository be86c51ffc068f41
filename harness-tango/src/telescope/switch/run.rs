//! Switching a telescope, as a sentence.

use std::future::IntoFuture;

use harness_core::action::Action;
use harness_core::assertion::{is_in_state, one_of};
use harness_core::{BoxFuture, Timeout, TracedDevice, Tracer};

use super::devices::{Player, STATE, all_of, not_yet, players, subarrays};
use super::online::bring_online;
use super::outcome::{SwitchError, Switched};
use super::target::TelescopeState;
use crate::control_model::{DevState, ResultCode};
use crate::lrc::LrcAction;
use crate::telescope::{Role, RoleKind, Telescope, TelescopeKind};

/// The central node's attribute.
const TELESCOPE_STATE: &str = "telescopeState";

/// Switches a telescope; see [`Telescope::switch`] and [`Telescope::bring_on`].
#[derive(Clone, Debug)]
#[must_use = "nothing happens until it is awaited"]
pub struct Switch {
    tracer: Tracer,
    target: TelescopeState,
    kind: Option<TelescopeKind>,
    timeout: Timeout,
    central_node: Option<TracedDevice>,
    /// Beams are switched first: nobody else does it.
    beams: Vec<Player>,
    controllers: Vec<Player>,
    subarrays: Vec<Player>,
    /// Those to be brought ONLINE before.
    online: Vec<TracedDevice>,
}

impl Telescope {
    /// Switches the telescope, unless it shows that state already; then nothing is sent.
    ///
    /// With a central node, by its TelescopeOn, TelescopeOff or TelescopeStandby: it waits until
    /// the command has completed and `telescopeState` is as wanted. OFF is not the mirror of ON:
    /// since the correlator of Low knows no Off, UNKNOWN counts as OFF after TelescopeOff, except
    /// for Mid. Without a central node, by On, Off or Standby of the controllers, and then of those
    /// subarrays that are not there yet: those of the systems, and the telescope manager's only if
    /// there are no others; dishes are left alone. There, CSP and its correlator count as OFF when
    /// they stay ON, except for Mid.
    ///
    /// ```no_run
    /// use harness_tango::telescope::{Telescope, TelescopeConfig, TelescopeState};
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let telescope = Telescope::connect(TelescopeConfig::from_file("low.toml")?).await?;
    /// println!("{}", telescope.bring_on().await?);
    /// println!("{}", telescope.switch(TelescopeState::Off).await?);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the state can not be read, or a command fails or does not lead there in time. Awaiting
    /// it may be given up at any time; commands that were sent stay sent.
    pub fn switch(&self, target: TelescopeState) -> Switch {
        Switch {
            tracer: self.tracer().clone(),
            target,
            kind: self.config().kind(),
            timeout: Timeout::new(self.config().timeouts().reach),
            central_node: self.device(Role::CentralNode).cloned(),
            beams: Vec::new(),
            controllers: players(self, &[RoleKind::Controller]),
            subarrays: subarrays(self),
            online: Vec::new(),
        }
    }

    /// Makes the telescope one that can be tested: every device that is OFFLINE is brought ONLINE
    /// by writing its adminMode, up to three times; then beams that are not ON are switched on,
    /// and then the telescope, if it is not ON.
    ///
    /// # Errors
    /// As for [`switch`](Self::switch), and when devices can not be brought ONLINE.
    pub fn bring_on(&self) -> Switch {
        Switch {
            beams: players(self, &[RoleKind::Beam]),
            online: self.devices().map(|(_, traced)| traced.clone()).collect(),
            ..self.switch(TelescopeState::On)
        }
    }

    /// What the telescope shows now: the central node's `telescopeState`, or without a central node
    /// the state of all controllers and subarrays, UNKNOWN if they do not agree.
    ///
    /// # Errors
    /// When it can not be read, or is no state.
    pub async fn state(&self) -> Result<DevState, SwitchError> {
        self.switch(TelescopeState::On).found().await
    }
}

impl Switch {
    /// Sets the timeout for all of it; without it, the telescope's timeout for reaching a state.
    pub fn within(mut self, timeout: impl Into<Timeout>) -> Switch {
        self.timeout = timeout.into();
        self
    }

    async fn run(self) -> Result<Switched, SwitchError> {
        let Switch { target, kind, .. } = self;
        self.timeout.start();
        let brought_online = bring_online(&self.tracer, &self.online, &self.timeout)
            .await
            .map_err(SwitchError::Online)?;
        let mut sent = Vec::new();
        self.switch_each("beams", &self.beams, &mut sent).await?;
        let found = self.found().await?;
        match &self.central_node {
            _ if found == target.device_state() => {}
            Some(central_node) => {
                let shown = target.shown_by_telescope(kind);
                let command = target.telescope_command();
                sent.push(format!("{command} to {}", central_node.name()));
                LrcAction::new(central_node, command, ())
                    .postcondition(is_in_state([central_node], TELESCOPE_STATE, one_of(shown)))
                    .completes_with(ResultCode::Ok)
                    .execute(self.timeout.clone())
                    .await
                    .map_err(|source| SwitchError::Action { target, source })?;
            }
            None => {
                self.switch_each("controllers", &self.controllers, &mut sent)
                    .await?;
                self.switch_each("subarrays", &self.subarrays, &mut sent)
                    .await?;
            }
        }
        let switched = Switched {
            target,
            found,
            now: self.found().await?,
            brought_online,
            sent,
        };
        self.tracer.journal().note(switched.to_string());
        Ok(switched)
    }

    /// Switches those that are not there yet.
    async fn switch_each(
        &self,
        what: &str,
        devices: &[Player],
        sent: &mut Vec<String>,
    ) -> Result<(), SwitchError> {
        let Switch { target, kind, .. } = *self;
        let devices = not_yet(devices, target).await;
        if devices.is_empty() {
            return Ok(());
        }
        let commands = devices.iter();
        sent.extend(
            commands.map(|(_, device)| format!("{} to {}", target.command(), device.name())),
        );
        all_of(
            &self.tracer,
            format!("switch the {what} to {target}"),
            &devices,
            target,
            kind,
        )
        .execute(self.timeout.clone())
        .await
        .map_err(|source| SwitchError::Action { target, source })
    }

    async fn found(&self) -> Result<DevState, SwitchError> {
        if let Some(central_node) = &self.central_node {
            return self.read(central_node, TELESCOPE_STATE).await;
        }
        let mut agreed = None;
        for (_, device) in self.controllers.iter().chain(&self.subarrays) {
            let state = self.read(device, STATE).await?;
            match agreed {
                Some(other) if other != state => return Ok(DevState::Unknown),
                _ => agreed = Some(state),
            }
        }
        Ok(agreed.unwrap_or(DevState::Unknown))
    }

    async fn read(&self, device: &TracedDevice, attribute: &str) -> Result<DevState, SwitchError> {
        let target = self.target;
        let reading = device.read(attribute).await;
        let reading = reading.map_err(|source| SwitchError::Unknown { target, source })?;
        DevState::try_from(&reading.value).map_err(|source| SwitchError::NoState { target, source })
    }
}

impl IntoFuture for Switch {
    type Output = Result<Switched, SwitchError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
