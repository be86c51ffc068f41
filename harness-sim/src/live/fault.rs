//! A defect of a subarray as a fault of the harness.

use harness_core::BoxFuture;
use harness_core::fault::{Fault, FaultError, FaultGuard};

use super::SubarrayHandle;
use crate::defect::Defect;

/// A defect of a subarray that can be started and stopped, also several times.
#[derive(Debug)]
pub struct SubarrayFault {
    subarray: SubarrayHandle,
    defect: Defect,
}

impl SubarrayFault {
    pub(super) fn new(subarray: SubarrayHandle, defect: Defect) -> SubarrayFault {
        SubarrayFault { subarray, defect }
    }
}

impl Fault for SubarrayFault {
    fn describe(&self) -> String {
        format!("{}: {}", self.subarray.name(), self.defect)
    }

    fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
        Box::pin(async move {
            let guard = self
                .subarray
                .switch_on(self.defect.clone())
                .map_err(|error| FaultError::start(self.describe(), error))?;
            Ok(FaultGuard::new(self.describe(), async move {
                drop(guard);
                Ok(())
            }))
        })
    }
}
