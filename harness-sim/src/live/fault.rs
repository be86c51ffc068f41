//! A defect of a device as a fault of the harness.

use harness_core::BoxFuture;
use harness_core::fault::{Fault, FaultError, FaultGuard};

use super::DeviceHandle;
use crate::defect::Defect;

/// A defect of a device that can be started and stopped, also several times.
#[derive(Debug)]
pub struct DeviceFault {
    device: DeviceHandle,
    defect: Defect,
}

impl DeviceFault {
    pub(super) fn new(device: DeviceHandle, defect: Defect) -> DeviceFault {
        DeviceFault { device, defect }
    }
}

impl Fault for DeviceFault {
    fn describe(&self) -> String {
        format!("{}: {}", self.device.name(), self.defect)
    }

    fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
        Box::pin(async move {
            let guard = self
                .device
                .switch_on(self.defect.clone())
                .map_err(|error| FaultError::start(self.describe(), error))?;
            Ok(FaultGuard::new(self.describe(), async move {
                drop(guard);
                Ok(())
            }))
        })
    }
}
