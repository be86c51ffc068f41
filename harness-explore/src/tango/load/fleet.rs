//! A fleet of subarrays.

use std::sync::Arc;

use harness_core::device::Device;
use harness_tango::control_model::ObsState;
use harness_tango::lrc::{ClassicProtocol, ListsProtocol, LrcProtocol};
use harness_tango::telescope::Connector;

use super::replies::SkaReplies;
use super::results::SkaResults;
use crate::lifecycle::Lifecycle;
use crate::load::Fleet;

/// What a subarray tells that it holds.
const RESOURCES: &str = "assignedResources";

/// A fleet of these devices, which are subarrays of the SKA: its state is the obsState, replies and
/// results are [understood](SkaReplies), it is held against this lifecycle, and what it holds are its
/// assigned resources.
///
/// ```no_run
/// use harness_explore::load::{Load, Plan};
/// use harness_explore::tango::{SubarrayRules, fleet_of_subarrays, subarray_lifecycle};
/// use harness_tango::device::TangoConnector;
///
/// # async fn example(connector: TangoConnector) -> Result<(), Box<dyn std::error::Error>> {
/// let load = Load::new(Plan::cycles("observe", 100, 10))?;
/// let lifecycle = subarray_lifecycle(SubarrayRules::default(), |_| true);
/// let names = (1..=16).map(|it| format!("low-csp/subarray/{it:02}"));
/// let fleet = fleet_of_subarrays(&connector, names, &lifecycle).await?;
/// let fleet = fleet.connect(&load.recorder()).await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
/// When one can not be reached, with its name.
pub async fn fleet_of_subarrays(
    connector: &impl Connector,
    names: impl IntoIterator<Item = impl AsRef<str>>,
    lifecycle: &Lifecycle<ObsState>,
) -> Result<Fleet, harness_core::DeviceError> {
    let mut devices = Vec::new();
    for name in names {
        devices.push(connector.connect(name.as_ref()).await?);
    }
    Ok(subarray_fleet(devices, lifecycle))
}

/// The same, of devices that are connected already.
pub fn subarray_fleet(
    devices: impl IntoIterator<Item = Arc<dyn Device>>,
    lifecycle: &Lifecycle<ObsState>,
) -> Fleet {
    // by the first that a device has: the lists of the other are long
    let results = [
        ClassicProtocol.result_attribute(),
        ListsProtocol.result_attribute(),
    ];
    Fleet::new(devices)
        .with_replies(SkaReplies)
        .with_endings(results, SkaResults)
        .with_lifecycle(lifecycle)
        .with_holdings(RESOURCES)
}
