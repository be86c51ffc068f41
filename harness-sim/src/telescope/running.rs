//! A simulated telescope at work.

use harness_tango::telescope::TelescopeConfig;
use tango_wire::database::RunningDatabase;
use tango_wire::server::RunningServer;

use super::NoSuchSubarray;
use crate::live::SubarrayHandle;

/// A simulated telescope that serves until it is shut down or dropped.
#[derive(Debug)]
#[must_use = "the telescope stops when this is dropped"]
pub struct RunningTelescope {
    // in this order: the devices take themselves out of the database before it goes
    server: RunningServer,
    database: RunningDatabase,
    subarrays: Vec<SubarrayHandle>,
}

impl RunningTelescope {
    pub(super) fn new(
        database: RunningDatabase,
        server: RunningServer,
        subarrays: Vec<SubarrayHandle>,
    ) -> RunningTelescope {
        RunningTelescope {
            server,
            database,
            subarrays,
        }
    }

    /// Where its Tango database is, `host:port`: what other programs want in `TANGO_HOST`.
    #[must_use]
    pub fn tango_host(&self) -> String {
        self.database.tango_host()
    }

    /// What a test needs to connect it.
    #[must_use]
    pub fn telescope_config(&self) -> TelescopeConfig {
        // numbered from 1, and no more than a u32 has counted
        let numbers = (1u32..).take(self.subarrays.len());
        TelescopeConfig::new("a simulated telescope")
            .with_tango_host(self.tango_host())
            .with_subarray_template("low-tmc/subarray/{subarray:02}")
            .with_subarrays(numbers)
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
        if let Err(error) = self.server.shutdown().await {
            // the database is its own and goes next
            tracing::debug!(%error, "devices could not be taken out of the database");
        }
        if let Err(error) = self.database.shutdown().await {
            tracing::debug!(%error, "the database did not stop as it should");
        }
    }
}
