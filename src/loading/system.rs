//! The devices of a load: connected by one client, simulated if that is wanted, through gates if a fault is
//! to be one of the network.

use std::sync::Arc;

use harness_bdd::network::ThroughGates;
use harness_chaos::Network;
use harness_core::Device;
use harness_explore::load::{LoadFile, Simulated, TelescopeChoice};
use harness_sim::{RunningTelescope, SimulatedTelescope, SubarrayHandle, zoo::PlantedBug};
use harness_tango::{
    device::TangoConnector,
    telescope::{Connector as _, Role, TelescopeConfig},
};

use super::{faults, inputs::number};
use crate::{
    exit::Exit,
    problem::Problem,
    system::{not_connected, preset, read_config},
    terminal::StatusLine,
};

/// The devices of a load.
pub(super) struct LoadedSystem {
    pub(super) devices: Vec<Arc<dyn Device>>,
    /// Their names, in the same order.
    pub(super) names: Vec<String>,
    /// The numbers of the subarrays that they are, where it is known, in the same order.
    pub(super) numbers: Vec<Option<u32>>,
    pub(super) network: Network,
    /// What is known of the telescope: inputs of commands.
    pub(super) config: TelescopeConfig,
    simulated: Option<RunningTelescope>,
}

/// The telescope of a file, with the names of its devices, before anything is connected.
pub(super) fn config(file: &LoadFile) -> Result<Option<TelescopeConfig>, Problem> {
    Ok(match &file.telescope.choice {
        TelescopeChoice::Simulated(_) => None,
        TelescopeChoice::File { path, subarrays } => {
            let config = read_config(path)?;
            for number in subarrays {
                if !config.subarrays().contains(number) {
                    let words = format!("{} has no subarray {number}", path.display());
                    return Err(Problem::usage(words));
                }
            }
            Some(match subarrays.is_empty() {
                true => config,
                false => config.with_subarrays(subarrays.iter().copied()),
            })
        }
        TelescopeChoice::Devices(names) => {
            // a database is needed if one of them has no place of its own
            let mut all = names.iter();
            let has_place = |name: &str| name.to_ascii_lowercase().starts_with("tango:");
            let name = all.find(|it| !has_place(it)).or(names.first());
            let config = TelescopeConfig::new("the devices of the load");
            Some(config.with_subarray_template(name.map_or("", String::as_str)))
        }
    })
}

/// The names of a telescope's devices that users command.
pub(super) fn names(file: &LoadFile, config: &TelescopeConfig) -> Result<Vec<String>, Problem> {
    let named = subarrays(file, config)?;
    Ok(named.into_iter().map(|(name, _)| name).collect())
}

/// The same, with the number of the subarray that each is.
fn subarrays(
    file: &LoadFile,
    config: &TelescopeConfig,
) -> Result<Vec<(String, Option<u32>)>, Problem> {
    if let TelescopeChoice::Devices(names) = &file.telescope.choice {
        let named = names.iter().map(|name| (name.clone(), number(name)));
        return Ok(named.collect());
    }
    let devices = config.devices().map_err(Problem::usage)?;
    let subarrays = devices
        .into_iter()
        .filter(|it| it.role == Some(Role::Subarray));
    let named: Vec<_> = subarrays.map(|it| (it.name, it.subarray)).collect();
    match named.is_empty() {
        true => Err(
            Problem::usage(format!("{} names no subarray device", config.name()))
                .advise("add `subarray = \"..\"` under [roles]"),
        ),
        false => Ok(named),
    }
}

impl LoadedSystem {
    /// Connects the devices of a file.
    pub(super) async fn connect(file: &LoadFile, line: &StatusLine) -> Result<Self, Problem> {
        line.doing("connecting the devices");
        let network = Network::new().with_seed(file.plan.seed());
        let (config, simulated) = match config(file)? {
            Some(config) => (config, None),
            None => {
                let simulated = simulate(file).await?;
                (simulated.telescope_config(), Some(simulated))
            }
        };
        let named = subarrays(file, &config)?;
        let connector = TangoConnector::for_telescope(&config).await;
        let mut connector = connector.map_err(not_connected)?;
        if file.faults.iter().any(faults::needs_network) {
            connector = connector.with_routes(ThroughGates::of(&network));
        }
        let mut devices = Vec::new();
        for (name, _) in &named {
            let device = connector.connect(name).await.map_err(|error| {
                Problem::new(Exit::Unreachable, error).advise(
                    "check that the Tango database and the device servers run, and the names of the devices",
                )
            })?;
            devices.push(device);
        }
        Ok(LoadedSystem {
            names: devices.iter().map(|it| it.name().to_owned()).collect(),
            numbers: named.into_iter().map(|(_, number)| number).collect(),
            devices,
            network,
            config,
            simulated,
        })
    }

    /// The simulated subarrays, with their places among the devices.
    pub(super) fn subarrays(&self) -> Vec<(usize, SubarrayHandle)> {
        let all = self.simulated.iter().flat_map(RunningTelescope::subarrays);
        all.cloned().enumerate().collect()
    }

    /// Ends what was started here.
    pub(super) async fn end(self) {
        drop(self.devices);
        if let Some(simulated) = self.simulated {
            simulated.shutdown().await;
        }
    }
}

async fn simulate(file: &LoadFile) -> Result<RunningTelescope, Problem> {
    let TelescopeChoice::Simulated(Simulated {
        preset: name,
        subarrays,
        dwell,
        bugs,
    }) = &file.telescope.choice
    else {
        return Err(Problem::usage("this telescope is not simulated"));
    };
    let telescope: SimulatedTelescope = preset(name.as_deref())?;
    let telescope = telescope.with_subarrays(*subarrays).with_dwell(*dwell);
    let failed = |error: harness_sim::telescope::StartError| Problem::new(Exit::Failed, error);
    let running = telescope.start().await.map_err(failed)?;
    for bug in bugs {
        let bug: PlantedBug = bug.parse().map_err(Problem::usage)?;
        for subarray in running.subarrays() {
            let planted = subarray.plant(bug);
            planted
                .map_err(|error| Problem::new(Exit::Failed, error))?
                .forget();
        }
    }
    Ok(running)
}
