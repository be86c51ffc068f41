//! Faults of the wire as faults of the harness.

use std::fmt;

use harness_core::BoxFuture;
use harness_core::fault::{Fault, FaultError, FaultGuard};

use super::EventFault;
use crate::live::DeviceHandle;

/// What can go wrong between a device and its clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WireFault {
    /// Something happens to its events.
    Events(EventFault),
    /// It does not answer: see [`DeviceHandle::silence`].
    Silent,
    /// The database says that it is not there: see [`DeviceHandle::unexport`].
    NotExported,
    /// Its server is down, and comes back on another port: see [`DeviceHandle::stop_server`].
    ServerDown,
}

impl From<EventFault> for WireFault {
    fn from(fault: EventFault) -> WireFault {
        WireFault::Events(fault)
    }
}

impl fmt::Display for WireFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WireFault::Events(fault) => fault.fmt(formatter),
            WireFault::Silent => formatter.write_str("does not answer"),
            WireFault::NotExported => formatter.write_str("is not exported in the database"),
            WireFault::ServerDown => {
                formatter.write_str("its server is down, and comes back on another port")
            }
        }
    }
}

/// A fault of the wire of a device that can be started and stopped, also several times.
#[derive(Debug)]
pub struct DeviceWireFault {
    device: DeviceHandle,
    fault: WireFault,
}

impl DeviceWireFault {
    pub(crate) const fn new(device: DeviceHandle, fault: WireFault) -> DeviceWireFault {
        DeviceWireFault { device, fault }
    }

    /// A guard of the harness around one of ours.
    fn guarded<G: Send + 'static, E>(&self, guard: Result<G, E>) -> Result<FaultGuard, FaultError>
    where
        E: std::error::Error + Send + Sync + 'static,
    {
        let guard = guard.map_err(|error| FaultError::start(self.describe(), error))?;
        Ok(FaultGuard::new(self.describe(), async move {
            drop(guard);
            Ok(())
        }))
    }
}

impl fmt::Display for DeviceWireFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.device.name(), self.fault)
    }
}

impl Fault for DeviceWireFault {
    fn describe(&self) -> String {
        self.to_string()
    }

    fn start(&self) -> BoxFuture<'_, Result<FaultGuard, FaultError>> {
        Box::pin(async move {
            match self.fault {
                WireFault::Events(fault) => self.guarded(self.device.disturb_events(fault)),
                WireFault::Silent => self.guarded(self.device.silence()),
                WireFault::NotExported => self.device.unexport().await,
                WireFault::ServerDown => self.device.stop_server().await,
            }
        })
    }
}
