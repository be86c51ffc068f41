//! What can go wrong with a simulated telescope.

use tango_wire::server::ServerError;
use thiserror::Error;

use crate::transition::InstanceError;

/// Why a simulated telescope could not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// Its database could not start.
    #[error("the simulated telescope's database cannot start")]
    Database(#[source] ServerError),
    /// Its devices could not be served.
    #[error("the simulated telescope's devices cannot be served")]
    Devices(#[source] ServerError),
    /// The controller that was given has an instance of that name already.
    #[error("the simulated telescope's devices cannot be controlled")]
    Transitions(#[from] InstanceError),
}

/// The simulated telescope has no such subarray.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("the simulated telescope has no subarray {number}, it has {count}, numbered from 1")]
pub struct NoSuchSubarray {
    /// The number that was asked for.
    pub number: u32,
    /// How many subarrays the telescope has.
    pub count: usize,
}
