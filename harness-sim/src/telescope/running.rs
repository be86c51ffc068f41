//! A simulated telescope at work.

use std::sync::Arc;

use harness_tango::subarray::Inputs;
use harness_tango::telescope::{Role, TelescopeConfig, TelescopeKind};
use tango_wire::database::RunningDatabase;

use super::NoSuchSubarray;
use crate::live::SubarrayHandle;
use crate::preset::{DeviceRole, Preset};
use crate::tmc::Telescope;
use crate::wire::Serving;
use crate::world::TelescopeHandle;

/// A simulated telescope that serves until it is shut down or dropped.
#[derive(Debug)]
#[must_use = "the telescope stops when this is dropped"]
pub struct RunningTelescope {
    // in this order: the devices take themselves out of the database before it goes
    serving: Arc<Serving>,
    database: RunningDatabase,
    preset: Preset,
    handle: TelescopeHandle,
    subarrays: Vec<SubarrayHandle>,
}

impl RunningTelescope {
    pub(super) const fn new(
        database: RunningDatabase,
        serving: Arc<Serving>,
        preset: Preset,
        handle: TelescopeHandle,
        subarrays: Vec<SubarrayHandle>,
    ) -> RunningTelescope {
        RunningTelescope {
            serving,
            database,
            preset,
            handle,
            subarrays,
        }
    }

    /// Where its Tango database is, `host:port`: what other programs want in `TANGO_HOST`.
    #[must_use]
    pub fn tango_host(&self) -> String {
        self.database.tango_host()
    }

    /// What a test needs to connect it: where its database is, its devices by role, and inputs that
    /// fit it.
    #[must_use]
    pub fn telescope_config(&self) -> TelescopeConfig {
        let config = TelescopeConfig::new(&self.preset.name)
            .with_tango_host(self.tango_host())
            .with_subarrays(1..=self.preset.subarrays)
            .with_dishes(&self.preset.dishes)
            .with_inputs(inputs_of(&self.preset))
            .with_kind(match self.preset.telescope {
                Telescope::Low => TelescopeKind::Low,
                Telescope::Mid => TelescopeKind::Mid,
            });
        let config = (self.preset.roles.iter())
            // both lists of roles have the same keys
            .filter_map(|(role, name)| Some((role.key().parse::<Role>().ok()?, name)))
            .fold(config, |config, (role, name)| {
                config.with_role(role, name.to_string())
            });
        let subarrays = self.preset.role_of_subarrays();
        match subarrays.and_then(|role| self.preset.roles.get(&role)) {
            Some(name) => config.with_role(Role::Subarray, name.to_string()),
            None => config,
        }
    }

    /// The whole telescope, for testers in this process.
    #[must_use]
    pub fn handle(&self) -> TelescopeHandle {
        self.handle.clone()
    }

    /// The names of the devices in a role.
    #[must_use]
    pub fn names(&self, role: DeviceRole) -> Vec<String> {
        self.preset.names(role)
    }

    /// A subarray, numbered from 1, for testers in this process.
    ///
    /// # Errors
    ///
    /// [`NoSuchSubarray`] if the telescope has fewer.
    pub fn subarray(&self, number: u32) -> Result<SubarrayHandle, NoSuchSubarray> {
        let index = usize::try_from(number).ok().and_then(|n| n.checked_sub(1));
        index
            .and_then(|index| self.subarrays.get(index))
            .cloned()
            .ok_or(NoSuchSubarray {
                number,
                count: self.subarrays.len(),
            })
    }

    /// All subarrays, by number.
    pub fn subarrays(&self) -> impl Iterator<Item = &SubarrayHandle> {
        self.subarrays.iter()
    }

    /// Stops serving; all ports are free when this returns.
    pub async fn shutdown(self) {
        if let Err(error) = self.serving.end().await {
            // the database is its own and goes next
            tracing::debug!(%error, "devices could not be taken out of the database");
        }
        if let Err(error) = self.database.shutdown().await {
            tracing::debug!(%error, "the database did not stop as it should");
        }
    }
}

/// Inputs that the telescope takes.
fn inputs_of(preset: &Preset) -> Inputs {
    if preset.role_of_subarrays() == Some(DeviceRole::SdpSubarray) {
        let inputs = || {
            Inputs::low()
                .with_assign_resources(include_str!("../preset/inputs/assign_resources_sdp.json"))?
                .with_configure(include_str!("../preset/inputs/configure_sdp.json"))?
                .with_scan(include_str!("../preset/inputs/scan_sdp.json"))
        };
        // a mistake in these texts shows in the tests of this crate
        return inputs().unwrap_or_default();
    }
    match preset.telescope {
        Telescope::Low => Inputs::low(),
        Telescope::Mid => Inputs::mid(),
    }
}
