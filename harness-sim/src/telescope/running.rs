//! A simulated telescope at work.

use std::sync::Arc;

use harness_tango::subarray::Inputs;
use harness_tango::telescope::{Role, TelescopeConfig};
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
            .with_inputs(inputs_of(&self.preset));
        // roles that no test speaks of are left out
        let roles = self.preset.roles.iter();
        let config = roles.fold(config, |config, (role, name)| match role.key().parse() {
            Ok(role) => config.with_role(role, name.to_string()),
            Err(_) => config,
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
    let texts = match (preset.role_of_subarrays(), preset.telescope) {
        (Some(DeviceRole::SdpSubarray), _) => [
            include_str!("../preset/inputs/assign_resources_sdp.json"),
            include_str!("../preset/inputs/configure_sdp.json"),
            include_str!("../preset/inputs/scan_sdp.json"),
        ],
        (_, Telescope::Low) => return Inputs::default(),
        (_, Telescope::Mid) => [
            include_str!("../preset/inputs/assign_resources_mid.json"),
            include_str!("../preset/inputs/configure_mid.json"),
            include_str!("../preset/inputs/scan_mid.json"),
        ],
    };
    let [assign_resources, configure, scan] = texts;
    let inputs = || {
        Inputs::default()
            .with_assign_resources(assign_resources)?
            .with_configure(configure)?
            .with_scan(scan)
    };
    // a mistake in these texts shows in the tests of this crate
    inputs().unwrap_or_default()
}
