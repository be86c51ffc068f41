//! What a tester does to the wire between a device and its clients.

use std::sync::Arc;

use harness_core::fault::{FaultError, FaultGuard};

use super::DeviceHandle;
use crate::wire::{Line, Serving};
use crate::wire_fault::{
    DeviceWireFault, EventFault, EventFaultGuard, SilenceGuard, WireFault, WireFaultError,
};

impl DeviceHandle {
    /// Something happens to the events of the device on their way to clients, until the guard is
    /// dropped. Reads are answered as ever.
    ///
    /// # Errors
    ///
    /// [`WireFaultError`] if the device is not served, or does not have the attribute.
    pub fn disturb_events(&self, fault: EventFault) -> Result<EventFaultGuard, WireFaultError> {
        let line = self.line()?;
        let attributes = self.attributes();
        if let Some(attribute) = fault.attribute()
            && !attributes.contains(&attribute)
        {
            let names: Vec<_> = attributes.iter().map(|known| known.name()).collect();
            return Err(WireFaultError::UnknownAttribute {
                device: self.name(),
                attribute,
                known: names.join(", "),
            });
        }
        let id = line.events().begin(fault);
        Ok(EventFaultGuard::new(line, id))
    }

    /// The device answers no call, not even a ping, until the guard is dropped: clients wait until
    /// then, or until their timeouts. What they have asked is done when the guard is dropped, also
    /// what they have given up, as with a device that hangs. Its events go on, unless
    /// [they are disturbed](DeviceHandle::disturb_events), too.
    ///
    /// # Errors
    ///
    /// [`WireFaultError`] if the device is not served.
    pub fn silence(&self) -> Result<SilenceGuard, WireFaultError> {
        self.line().map(SilenceGuard::new)
    }

    /// The database says that the device is not there, until the guard ends; then that it is where
    /// it was, unless its server is down. Clients that know it already go on with it.
    ///
    /// # Errors
    ///
    /// [`FaultError`] if the device is not served, or the database does not do it. If this is
    /// cancelled, the device may be gone from the database.
    pub async fn unexport(&self) -> Result<FaultGuard, FaultError> {
        let description = self.wire_fault(WireFault::NotExported).to_string();
        let start = |error| FaultError::start(&*description, error);
        let serving = self.serving().map_err(start)?;
        let known = serving.unexport(self.device_name()).await;
        let known = known.map_err(|error| start(self.database_error(error)))?;
        let (device, serving) = (self.clone(), Arc::downgrade(&serving));
        let stopped = description.clone();
        Ok(FaultGuard::new(description, async move {
            let Some(serving) = serving.upgrade() else {
                return Ok(());
            };
            let exported = serving.export_again(known).await;
            exported.map_err(|error| FaultError::stop(stopped, device.database_error(error)))
        }))
    }

    /// The device's server is down until the guard ends; then it comes back on another port, and the
    /// device is as it was. All devices of a telescope are in one server: the others are gone with
    /// it. Of several guards the last one brings it back.
    ///
    /// # Errors
    ///
    /// [`FaultError`] if the device is not served. If this is cancelled, the server may be down.
    pub async fn stop_server(&self) -> Result<FaultGuard, FaultError> {
        let description = self.wire_fault(WireFault::ServerDown).to_string();
        let start = |error: WireFaultError| FaultError::start(&*description, error);
        let serving = self.serving().map_err(start)?;
        let down = serving.take_down().await;
        down.map_err(|error| start(error.into()))?;
        let (serving, stopped) = (Arc::downgrade(&serving), description.clone());
        Ok(FaultGuard::new(description, async move {
            let Some(serving) = serving.upgrade() else {
                return Ok(());
            };
            let up = serving.let_up().await;
            up.map_err(|error| FaultError::stop(stopped, WireFaultError::from(error)))
        }))
    }

    /// Restarts the device's server, and with it all devices of the telescope, on another port:
    /// they are gone for a moment, and come back as they were. A server that a guard
    /// [keeps down](DeviceHandle::stop_server) stays down until that ends.
    ///
    /// # Errors
    ///
    /// [`WireFaultError`] if the device is not served, or the server does not stop or start. If
    /// this is cancelled, the server may be down.
    pub async fn restart_server(&self) -> Result<(), WireFaultError> {
        Ok(self.serving()?.restart().await?)
    }

    /// A fault of the wire as one that a scenario, an exploration or a load can start and stop.
    #[must_use]
    pub fn wire_fault(&self, fault: impl Into<WireFault>) -> DeviceWireFault {
        DeviceWireFault::new(self.clone(), fault.into())
    }

    fn line(&self) -> Result<Arc<Line>, WireFaultError> {
        let line = self.shared.line(self.id).cloned();
        line.ok_or_else(|| self.not_served())
    }

    fn serving(&self) -> Result<Arc<Serving>, WireFaultError> {
        self.line()?.serving().ok_or_else(|| self.not_served())
    }

    fn not_served(&self) -> WireFaultError {
        WireFaultError::NotServed {
            device: self.name(),
        }
    }

    fn database_error(&self, source: tango_wire::Error) -> WireFaultError {
        WireFaultError::Database {
            device: self.name(),
            source,
        }
    }
}
