//! What all requests have in common.

use std::sync::Arc;

use harness_core::admission::Token;
use tokio::sync::{Semaphore, watch};
use tokio::time::Instant;

use super::problem::{Problem, Result};
use crate::live::DeviceHandle;
use crate::world::TelescopeHandle;

/// How many can follow what happens at the same time.
const FOLLOWERS: usize = 32;

/// The telescope, and who may ask for it.
#[derive(Debug)]
pub(super) struct Control {
    pub(super) telescope: TelescopeHandle,
    pub(super) token: Option<Token>,
    /// Moments are told from here on.
    pub(super) start: Instant,
    pub(super) seats: Arc<Semaphore>,
    /// Closed when the server stops.
    pub(super) stop: watch::Receiver<()>,
}

impl Control {
    pub(super) fn new(
        telescope: TelescopeHandle,
        token: Option<Token>,
        stop: watch::Receiver<()>,
    ) -> Control {
        Control {
            telescope,
            token,
            start: Instant::now(),
            seats: Arc::new(Semaphore::new(FOLLOWERS)),
            stop,
        }
    }

    /// A device that a path names.
    pub(super) fn device(&self, name: &str) -> Result<DeviceHandle> {
        let device = self.telescope.device(name);
        device.ok_or_else(|| {
            Problem::unknown(format!("there is no device {name}; /devices lists them"))
        })
    }
}

/// The three parts of the name of a device.
pub(super) type NameParts = (String, String, String);

/// The name that the three parts of a path make.
pub(super) fn device_name((domain, family, member): &NameParts) -> String {
    format!("{domain}/{family}/{member}")
}
