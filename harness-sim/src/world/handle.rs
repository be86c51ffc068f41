//! What a tester in the same process holds of a whole telescope.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::broadcast;

use super::{DeviceStatus, Shared};
use crate::device::DeviceChange;
use crate::live::DeviceHandle;
use crate::transition::TransitionController;

/// A simulated telescope that lives, for testers in the same process. Clones are the same
/// telescope.
///
/// ```
/// use std::time::Duration;
///
/// use harness_sim::SimulatedTelescope;
/// use harness_sim::transition::{Scope, Transition};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let telescope = SimulatedTelescope::low().with_manual_clock().start().await?;
/// let handle = telescope.handle();
/// assert!(handle.device("low-csp/subarray/01").is_some());
///
/// // ten minutes that take no time
/// let ten_minutes = Duration::from_secs(600);
/// let subarrays = Scope::model("csp::subarray");
/// handle.transitions().set(&subarrays, Transition::after(ten_minutes))?;
/// handle.advance(ten_minutes);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct TelescopeHandle {
    shared: Arc<Shared>,
}

impl TelescopeHandle {
    pub(crate) const fn new(shared: Arc<Shared>) -> TelescopeHandle {
        TelescopeHandle { shared }
    }

    /// How all devices are at present, in the order in which they were made.
    #[must_use]
    pub fn devices(&self) -> Vec<DeviceStatus> {
        self.shared.with(|world| {
            world.advance();
            world.devices().iter().map(DeviceStatus::of).collect()
        })
    }

    /// The device of that name, in any case of letters, if the telescope has it.
    #[must_use]
    pub fn device(&self, name: &str) -> Option<DeviceHandle> {
        let id = self.shared.with(|world| world.find(name))?;
        Some(DeviceHandle::new(Arc::clone(&self.shared), id))
    }

    /// How the device of that name is at present.
    #[must_use]
    pub fn status(&self, name: &str) -> Option<DeviceStatus> {
        self.shared.with(|world| {
            world.advance();
            let device = world.device(world.find(name)?)?;
            Some(DeviceStatus::of(device))
        })
    }

    /// All changes of attributes from now on, in order. One who is thousands of changes behind
    /// misses the oldest, and is told how many.
    #[must_use]
    pub fn changes(&self) -> broadcast::Receiver<DeviceChange> {
        self.shared.changes.subscribe()
    }

    /// When and how transitions end. What is set there holds at once.
    #[must_use]
    pub fn transitions(&self) -> &TransitionController {
        &self.shared.transitions
    }

    /// Whether time passes only as [`advance`](Self::advance) lets it.
    #[must_use]
    pub fn has_manual_clock(&self) -> bool {
        self.shared.with(|world| world.has_manual_clock())
    }

    /// Lets time pass: everything that comes due happens, each thing at its moment, before this
    /// returns. With a clock that goes by itself this comes on top. A thousand years at most pass at
    /// once; of what repeats itself all the while, delay models, only the last 500 are told.
    pub fn advance(&self, time: Duration) {
        self.shared.with(|world| {
            world.look_again();
            world.pass(time);
        });
    }
}
