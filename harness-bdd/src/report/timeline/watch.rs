//! Which attributes are worth a row in every timeline.

use futures_util::future::join_all;
use harness_core::{TracedDevice, tracer::TracerError};

/// The states of telescope devices, and what tells of their long running commands.
const ATTRIBUTES: [&str; 13] = [
    "obsState",
    "State",
    "healthState",
    "adminMode",
    "telescopeState",
    "dishMode",
    "pointingState",
    "longRunningCommandResult",
    "longRunningCommandStatus",
    "longRunningCommandProgress",
    "lrcFinished",
    "lrcExecuting",
    "lrcQueue",
];

/// Subscribes to the states and the long running commands of devices, so that they are in the record
/// and in timelines also where no step asks for them.
///
/// A device need not have all of them. Gives back why a device could not be asked, once for each
/// such device: a run need not fail for that. When the future is dropped, what was subscribed to so
/// far stays.
///
/// ```no_run
/// # async fn example(telescope: &harness_tango::telescope::Telescope) {
/// use harness_bdd::report::timeline::watch_states;
///
/// let devices = telescope.devices().map(|(_, device)| device);
/// for error in watch_states(devices).await {
///     eprintln!("not in the timelines: {error}");
/// }
/// # }
/// ```
pub async fn watch_states(devices: impl IntoIterator<Item = &TracedDevice>) -> Vec<TracerError> {
    let watched = join_all(devices.into_iter().map(watch_device)).await;
    watched.into_iter().filter_map(Result::err).collect()
}

async fn watch_device(device: &TracedDevice) -> Result<(), TracerError> {
    for attribute in ATTRIBUTES {
        device.watch_if_pushed(attribute).await?;
    }
    Ok(())
}
