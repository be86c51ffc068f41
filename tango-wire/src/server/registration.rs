//! Makes a server and its devices known to a Tango database.

use std::{collections::HashSet, net::SocketAddr, sync::Arc};

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
    tango_host: String,
    identity: Arc<Identity>,
    entries: Arc<[Entry]>,
}

/// What a database is told of one device.
#[derive(Debug)]
struct Entry {
    class: String,
    export: DeviceExport,
}

impl Registration {
    /// Of these devices, the admin device among them, which are called at that place.
    pub(super) fn new(
        tango_host: String,
        identity: Arc<Identity>,
        devices: &[Arc<Device>],
        endpoint: &Endpoint,
    ) -> Result<Self, ServerError> {
        let entry = |device: &Arc<Device>| {
            let key = device.name().to_lowercase();
            let reference =
                ObjectReference::new(DEVICE_INTERFACE, endpoint.host.as_str(), endpoint.port, key);
            let export = DeviceExport {
                device: device.name().to_owned(),
                reference: reference.to_ior()?,
                host: identity.host.clone(),
                process: std::process::id(),
                version: INTERFACE_VERSION.to_owned(),
            };
            Ok(Entry {
                class: device.class().to_owned(),
                export,
            })
        };
        let entries: Result<_, ServerError> = devices.iter().map(entry).collect();
        Ok(Self {
            entries: entries?,
            tango_host,
            identity,
        })
    }

    /// Exports the devices. Those that the database has not under this server and class are
    /// defined first; the others are not, since a database forgets the alias of a device that is
    /// defined again (DataBaseds 9.3.4).
    pub(super) async fn export(&self) -> Result<(), ServerError> {
        let database = self.database()?;
        let exporting = async {
            let defined = self.defined(&database).await?;
            for Entry { class, export } in &*self.entries {
                let device = export.device.as_str();
                if !defined.contains(&(class, device.to_lowercase())) {
                    let server = &self.identity.server;
                    database.add_device(server, device, class).await?;
                }
                database.export_device(export).await?;
            }
            Ok(())
        };
        exporting.await.map_err(|error| self.failed(error))
    }

    /// The classes of this server, with the names of their devices in lower case, as far as the
    /// database has them.
    async fn defined(&self, database: &DatabaseProxy) -> Result<HashSet<(&String, String)>, Error> {
        let classes: HashSet<&String> = self.entries.iter().map(|entry| &entry.class).collect();
        let mut defined = HashSet::new();
        for class in classes {
            let names = database.devices_of_server(&self.identity.server, class);
            let names = names.await?.into_iter();
            defined.extend(names.map(|name| (class, name.to_lowercase())));
        }
        Ok(defined)
    }

    /// Says that none of the devices runs any more, while the server still listens.
    pub(super) async fn unexport(&self) -> Result<(), ServerError> {
        self.take_out(None).await
    }

    /// Says that none of the devices runs any more, when the server listens no longer. What a
    /// server that was started meanwhile serves at the same address has the same reference, and is
    /// left alone as well.
    pub(super) async fn unexport_late(&self, address: SocketAddr) -> Result<(), ServerError> {
        self.take_out(Some(address)).await
    }

    /// Takes out the devices of which the database still has this server's own references: by
    /// then another server may serve them, and must not be taken out in their stead. `left` is where
    /// this one listened, if it does so no longer.
    async fn take_out(&self, left: Option<SocketAddr>) -> Result<(), ServerError> {
        let client = Client::new();
        let database = self.database()?;
        let mut failure = None;
        for Entry { export, .. } in &*self.entries {
            let device = export.device.as_str();
            let taking_out = async {
                let known = database.import_device(device).await?;
                let is_own = known.exported
                    && known.reference == export.reference
                    && known.process == export.process.cast_signed();
                if !is_own {
                    return Ok(());
                }
                if let Some(address) = left {
                    let url = format!("tango://{address}/{device}#dbase=no");
                    if client.device(&url).await.is_ok() {
                        return Ok(());
                    }
                }
                database.unexport_device(device).await
            };
            match taking_out.await {
                Ok(()) | Err(Error::NotDefined { .. }) => {}
                Err(refusal @ Error::DevFailed { .. }) => failure = failure.or(Some(refusal)),
                // as it is with one device it is with the next, after as long a time
                Err(error) => return Err(self.failed(error)),
            }
        }
        failure.map_or(Ok(()), |refusal| Err(self.failed(refusal)))
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
