//! Makes a server and its devices known to a Tango database.

use std::sync::Arc;

use super::{admin::Endpoint, device::Device, error::ServerError, identity::Identity};
use crate::{
    client::{Client, DatabaseProxy, DeviceExport},
    error::Error,
    giop::ObjectReference,
};

/// What the database device is called as a CORBA object.
pub(crate) const DATABASE_KEY: &str = "database";
/// The interface that our devices have.
pub(crate) const DEVICE_INTERFACE: &str = "IDL:Tango/Device_6:1.0";
const INTERFACE_VERSION: &str = "6";

/// A server's entries in a database.
#[derive(Clone, Debug)]
pub(super) struct Registration {
    pub(super) tango_host: String,
    pub(super) identity: Arc<Identity>,
}

impl Registration {
    /// Defines and exports the devices, the admin device among them.
    pub(super) async fn export(
        &self,
        devices: &[Arc<Device>],
        endpoint: &Endpoint,
    ) -> Result<(), ServerError> {
        let database = self.database()?;
        for device in devices {
            let defined = database.add_device(&self.identity.server, device.name(), device.class());
            defined.await.map_err(|error| self.failed(error))?;
            let key = device.name().to_lowercase();
            let reference =
                ObjectReference::new(DEVICE_INTERFACE, endpoint.host.as_str(), endpoint.port, key);
            let export = DeviceExport {
                device: device.name().to_owned(),
                reference: reference.to_ior()?,
                host: self.identity.host.clone(),
                process: std::process::id(),
                version: INTERFACE_VERSION.to_owned(),
            };
            let exported = database.export_device(&export).await;
            exported.map_err(|error| self.failed(error))?;
        }
        Ok(())
    }

    /// Says that none of the devices runs any more.
    pub(super) async fn unexport(&self) -> Result<(), ServerError> {
        let told = self
            .database()?
            .unexport_server(&self.identity.server)
            .await;
        told.map_err(|error| self.failed(error))
    }

    /// The database. No connection to it is kept: it may be shut down before this server is.
    fn database(&self) -> Result<DatabaseProxy, ServerError> {
        let client = Client::new().with_tango_host(self.tango_host.as_str());
        client.database().map_err(|error| self.failed(error))
    }

    fn failed(&self, source: Error) -> ServerError {
        ServerError::Database {
            tango_host: self.tango_host.clone(),
            source,
        }
    }
}
