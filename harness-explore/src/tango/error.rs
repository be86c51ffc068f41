//! Why subarrays can't be put under test.

use harness_core::tracer::TracerError;
use thiserror::Error;

/// Why subarrays can't be put under test.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ClientsError {
    /// There is no subarray.
    #[error("there is no subarray to be put under test")]
    NoSubarray,
    /// Its events can't be heard.
    #[error("the events of the subarray can't be heard")]
    Deaf(#[from] TracerError),
    /// It tells nobody how commands end.
    #[error(
        "{device} pushes events neither for longRunningCommandResult nor for lrcFinished: how its commands end is not told"
    )]
    NoResults {
        /// The device.
        device: String,
    },
}
