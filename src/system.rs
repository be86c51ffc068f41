//! Which telescope the command talks to.

use std::{path::Path, sync::Arc, time::Duration};

use harness_chaos::Network;
use harness_core::{Journal, Tracer};
use harness_sim::{
    RunningTelescope, SimulatedTelescope, TelescopeHandle,
    preset::{Preset, PresetError},
};
use harness_tango::telescope::{ConfigError, ConnectError, Telescope, TelescopeConfig, Timeouts};

use crate::{exit::Exit, problem::Problem, terminal::StatusLine, via::Via};

/// How long each transient state of the telescope in this process lasts: nobody waits for hardware.
const DWELL: Duration = Duration::from_millis(10);

/// The telescope in this process answers at once, so what gets stuck there need not be awaited long.
const TIMEOUTS: Timeouts = Timeouts {
    command: Duration::from_secs(3),
    reach: Duration::from_secs(3),
    recovery: Duration::from_secs(10),
};

/// A telescope that is connected, and the simulator behind it if it is the one in this process.
#[derive(Debug)]
pub(crate) struct System {
    pub(crate) telescope: Arc<Telescope>,
    simulator: Option<RunningTelescope>,
}

impl System {
    /// Connects the telescope of the configuration, or else serves the simulated one in this process;
    /// through the gates of the network, if there is one.
    pub(crate) async fn connect(
        config: Option<TelescopeConfig>,
        simulated: SimulatedTelescope,
        journal: Journal,
        line: &StatusLine,
        network: Option<&Network>,
        via: Via,
    ) -> Result<Self, Problem> {
        line.doing("connecting the telescope");
        let (config, simulator) = match config {
            Some(config) => (config, None),
            None => {
                let simulator = simulate(simulated).await?;
                (
                    simulator.telescope_config().with_timeouts(TIMEOUTS),
                    Some(simulator),
                )
            }
        };
        let tracer = Tracer::new(journal).with_progress(line.clone());
        match via.connect(config, &tracer, network).await {
            Ok(telescope) => Ok(Self {
                telescope: Arc::new(telescope),
                simulator,
            }),
            Err(error) => Err(not_connected(error)),
        }
    }

    /// The telescope, if it is the one that is simulated in this process.
    pub(crate) fn simulated(&self) -> Option<TelescopeHandle> {
        self.simulator.as_ref().map(RunningTelescope::handle)
    }

    /// Ends what was started here.
    pub(crate) async fn end(self) {
        if let Some(simulator) = self.simulator {
            simulator.shutdown().await;
        }
    }
}

async fn simulate(telescope: SimulatedTelescope) -> Result<RunningTelescope, Problem> {
    telescope
        .with_dwell(DWELL)
        .start()
        .await
        .map_err(|error| Problem::new(Exit::Unreachable, error))
}

/// The simulated telescope that was asked for; by default subarrays that are alone.
pub(crate) fn preset(name: Option<&str>) -> Result<SimulatedTelescope, Problem> {
    let advise = |error: PresetError| {
        Problem::usage(error).advise("--preset takes low, mid, sdp or the path of a TOML file")
    };
    Ok(match name {
        None => SimulatedTelescope::new(),
        Some("low") => SimulatedTelescope::low(),
        Some("mid") => SimulatedTelescope::mid(),
        Some("sdp") => SimulatedTelescope::sdp(),
        Some(path) => SimulatedTelescope::from_preset(Preset::from_file(path).map_err(advise)?),
    })
}

/// Reads a telescope's file.
pub(crate) fn read_config(path: &Path) -> Result<TelescopeConfig, Problem> {
    TelescopeConfig::from_file(path).map_err(|error| {
        let advice = match &error {
            ConfigError::Read { .. } => "give --telescope a TOML file with a name and [roles]",
            ConfigError::Input(_) => {
                "correct that file, or its path under [inputs]; paths are relative to the \
                 telescope's file"
            }
            _ => "correct the telescope's file; README.md has an example",
        };
        Problem::usage(error).advise(advice)
    })
}

pub(crate) fn not_connected(error: ConnectError) -> Problem {
    match error {
        ConnectError::Config { .. } | ConnectError::NoTangoHost { .. } => Problem::usage(error),
        _ => Problem::new(Exit::Unreachable, error).advise(
            "check that the Tango database and the device servers run, \
             and that the names in the telescope's file are theirs",
        ),
    }
}
