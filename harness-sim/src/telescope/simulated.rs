//! A simulated telescope that is not started yet.

use std::path::Path;
use std::time::Duration;

use tango_wire::database::Database;
use tango_wire::server::{DeviceLogs, EventPublisher, LogLevel};

use super::construction::{Construction, construct};
use super::{RunningTelescope, StartError};
use crate::model::{CommandTable, Delays, Progression};
use crate::preset::{DeviceRole, Preset, PresetError};
use crate::transition::TransitionController;
use crate::wire::Serving;

/// Long enough for a client to meet a transient state, short enough not to be waited for.
const STANDARD_DWELL: Duration = Duration::from_millis(50);

/// A simulated telescope, served over Tango: some subarrays that are alone, or all devices of SKA
/// Low, of SKA Mid or of a file.
///
/// It has a Tango database of its own, so that every Tango client can find its devices, and by
/// default can be reached from this machine only.
///
/// ```
/// use std::time::Duration;
///
/// use harness_sim::SimulatedTelescope;
/// use harness_tango::control_model::ObsState;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let telescope = SimulatedTelescope::new()
///     .with_subarrays(2)
///     .with_dwell(Duration::from_millis(10))
///     .with_dwell_for("Configure", Duration::from_secs(5))
///     .start()
///     .await?;
/// println!("TANGO_HOST={}", telescope.tango_host());
/// assert_eq!(telescope.subarray(2)?.name(), "low-tmc/subarray/02");
/// assert_eq!(telescope.subarray(2)?.obs_state(), ObsState::Empty);
/// telescope.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "a telescope does nothing before it is started"]
pub struct SimulatedTelescope {
    preset: Preset,
    delays: Delays,
    commands: Option<CommandTable>,
    transitions: TransitionController,
    manual_clock: bool,
    event_period: Option<Duration>,
    host: String,
    port: u16,
}

impl SimulatedTelescope {
    /// A telescope with two subarrays that are alone, named as those of SKA Low, whose commands
    /// take 50 ms, on free ports of the loopback address.
    pub fn new() -> SimulatedTelescope {
        SimulatedTelescope::from_preset(Preset::subarrays_only())
    }

    /// SKA Low: telescope manager, CSP, SDP and MCCS.
    pub fn low() -> SimulatedTelescope {
        SimulatedTelescope::from_preset(Preset::low())
    }

    /// SKA Mid: telescope manager, CSP, SDP and dishes.
    pub fn mid() -> SimulatedTelescope {
        SimulatedTelescope::from_preset(Preset::mid())
    }

    /// The controller and the subarrays of a science data processor, and nobody else.
    pub fn sdp() -> SimulatedTelescope {
        SimulatedTelescope::from_preset(Preset::sdp())
    }

    /// The telescope of a TOML file; see [`Preset::from_file`].
    ///
    /// # Errors
    ///
    /// [`PresetError`] that says what is wrong, and where.
    pub fn from_file(path: impl AsRef<Path>) -> Result<SimulatedTelescope, PresetError> {
        Preset::from_file(path).map(SimulatedTelescope::from_preset)
    }

    /// The telescope of a preset.
    pub fn from_preset(preset: Preset) -> SimulatedTelescope {
        let dwell = preset.dwell.unwrap_or(STANDARD_DWELL);
        SimulatedTelescope {
            preset,
            delays: Delays::new(Progression::after(dwell)),
            commands: None,
            transitions: TransitionController::new(),
            manual_clock: false,
            event_period: None,
            host: "127.0.0.1".to_owned(),
            port: 0,
        }
    }

    /// Has this many subarrays, numbered from 1.
    pub fn with_subarrays(mut self, count: u32) -> SimulatedTelescope {
        self.preset.subarrays = count;
        self
    }

    /// Has these dishes, by their names.
    pub fn with_dishes(
        mut self,
        names: impl IntoIterator<Item = impl Into<String>>,
    ) -> SimulatedTelescope {
        self.preset.dishes = names.into_iter().map(Into::into).collect();
        self
    }

    /// Has the names from before ADR-9, as far as the preset knows them.
    pub fn with_old_names(mut self) -> SimulatedTelescope {
        self.preset = self.preset.with_old_names();
        self
    }

    /// Time passes only as a tester lets it:
    /// [`TelescopeHandle::advance`](crate::world::TelescopeHandle::advance).
    pub fn with_manual_clock(mut self) -> SimulatedTelescope {
        self.manual_clock = true;
        self
    }

    /// Sends events in bursts, every so often, as the base class does every 100 ms: what is read may
    /// be newer than the last event. At first they are sent at once.
    pub fn with_events_every(mut self, period: Duration) -> SimulatedTelescope {
        self.event_period = Some(period);
        self
    }

    /// Asks this controller how transitions go, which testers may have told already. Models and
    /// instances are registered when the telescope starts.
    pub fn with_transitions(mut self, transitions: TransitionController) -> SimulatedTelescope {
        self.transitions = transitions;
        self
    }

    /// Stays this long in each transient state; a command that has none takes this long. The
    /// telescope manager takes no time of its own beside that of the subsystems. With zero,
    /// commands are done before their reply is sent; the events of the transient states are
    /// published nevertheless. Commands that were given a dwell of their own keep it.
    pub fn with_dwell(self, dwell: Duration) -> SimulatedTelescope {
        self.with_progression(Progression::after(dwell))
    }

    /// Takes this long for one command.
    pub fn with_dwell_for(self, command: &str, dwell: Duration) -> SimulatedTelescope {
        self.with_progression_for(command, Progression::after(dwell))
    }

    /// Gets commands done at once, after a time, or after some reads of obsState.
    pub fn with_progression(mut self, progression: Progression) -> SimulatedTelescope {
        self.delays.set_all(progression);
        self
    }

    /// Gets one command done at once, after a time, or after some reads of obsState.
    pub fn with_progression_for(
        mut self,
        command: &str,
        progression: Progression,
    ) -> SimulatedTelescope {
        self.delays.set(command, progression);
        self
    }

    /// The subarrays that tests talk to have the commands of another kind of subarray.
    pub fn with_commands(mut self, commands: CommandTable) -> SimulatedTelescope {
        self.commands = Some(commands);
        self
    }

    /// Listens on this host name or address. One that others can reach opens the telescope to
    /// everybody there: Tango knows no passwords.
    pub fn with_bind(mut self, host: impl Into<String>) -> SimulatedTelescope {
        self.host = host.into();
        self
    }

    /// Puts the Tango database on this port; 0, the default, takes a free one. The other ports are
    /// always free ones.
    pub fn with_port(mut self, port: u16) -> SimulatedTelescope {
        self.port = port;
        self
    }

    /// Starts serving, in the present tokio runtime.
    ///
    /// # Errors
    ///
    /// [`StartError`] if an address cannot be bound, for example because the port is taken.
    pub async fn start(self) -> Result<RunningTelescope, StartError> {
        let database = Database::new()
            .bind(address(&self.host, self.port))
            .start()
            .await
            .map_err(StartError::Database)?;
        let events = EventPublisher::new();
        let logs = DeviceLogs::new().with_level(LogLevel::Info);
        let construction = Construction {
            preset: &self.preset,
            delays: &self.delays,
            commands: self.commands,
            transitions: &self.transitions,
            manual_clock: self.manual_clock,
            event_period: self.event_period,
        };
        let telescope = construct(construction, &events, &logs)?;
        let serving = Serving::start(
            telescope.devices,
            (events, logs),
            database.tango_host(),
            address(&self.host, 0),
        );
        let serving = serving.await.map_err(StartError::Devices)?;
        Ok(RunningTelescope::new(
            database,
            serving,
            self.preset,
            telescope.handle,
            telescope.subarrays,
        ))
    }

    /// The names of the devices in a role, as they will be.
    #[must_use]
    pub fn names(&self, role: DeviceRole) -> Vec<String> {
        self.preset.names(role)
    }
}

impl Default for SimulatedTelescope {
    fn default() -> SimulatedTelescope {
        SimulatedTelescope::new()
    }
}

/// An IPv6 address needs brackets before its port.
fn address(host: &str, port: u16) -> String {
    if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_of_either_kind_gets_its_port() {
        assert_eq!(address("127.0.0.1", 10000), "127.0.0.1:10000");
        assert_eq!(address("::1", 0), "[::1]:0");
        assert_eq!(address("[::1]", 0), "[::1]:0");
    }
}
