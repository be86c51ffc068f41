//! Starts a database.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use super::{
    servant::{CLASS, DatabaseServant},
    store::{ADMIN_CLASS, Export, Store},
};
use crate::server::{DATABASE_KEY, DeviceServer, RunningServer, ServerError};

/// What the database is called as a device and as a server, as everywhere in the field.
const DEVICE: &str = "sys/database/2";
const SERVER: &str = "DataBaseds/2";

/// A Tango database in memory that is not started yet.
#[derive(Clone, Debug)]
pub struct Database {
    address: String,
    host: Option<String>,
}

impl Default for Database {
    fn default() -> Self {
        Self::new()
    }
}

impl Database {
    /// An empty database, on a free port of the loopback address.
    #[must_use]
    pub fn new() -> Self {
        Self {
            address: "127.0.0.1:0".to_owned(),
            host: None,
        }
    }

    /// Listens on this address and port; port 0 takes a free one.
    ///
    /// Anybody who can reach the address can define and delete devices: Tango knows no passwords.
    #[must_use]
    pub fn bind(mut self, address: impl Into<String>) -> Self {
        self.address = address.into();
        self
    }

    /// Tells clients this host name or address instead of the one that is bound.
    #[must_use]
    pub fn advertise(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// Starts serving.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub async fn start(self) -> Result<RunningDatabase, ServerError> {
        let store = Arc::new(Mutex::new(Store::default()));
        let servant = DatabaseServant::new(Arc::clone(&store), Default::default(), Arc::default());
        let mut server = DeviceServer::new(SERVER)
            .with_device(DEVICE, Arc::new(servant))
            .with_object_key(DATABASE_KEY, DEVICE)
            .bind(self.address);
        if let Some(host) = self.host {
            server = server.advertise(host);
        }
        let server = server.start().await?;
        let tango_host = server.host_and_port();
        define_itself(&store, &server, &tango_host)?;
        Ok(RunningDatabase { server, tango_host })
    }
}

/// A database knows itself, so that clients find it like any other device.
fn define_itself(
    store: &Mutex<Store>,
    server: &RunningServer,
    tango_host: &str,
) -> Result<(), ServerError> {
    let mut store = store.lock().unwrap_or_else(PoisonError::into_inner);
    tango_host.clone_into(&mut store.tango_host);
    store.running_since = Some(SystemTime::now());
    let admin = format!("dserver/{SERVER}");
    for (device, class) in [(DEVICE, CLASS), (admin.as_str(), ADMIN_CLASS)] {
        let Some(reference) = server.object_reference(device) else {
            continue;
        };
        let export = Export {
            reference: reference.to_ior()?,
            host: server.host().to_owned(),
            process: i32::try_from(std::process::id()).unwrap_or(0),
            version: "6".to_owned(),
        };
        store.define(device, SERVER, class);
        store.export(device, export, SystemTime::now());
    }
    Ok(())
}

/// A database that serves until it is shut down or dropped. What it knew is then gone.
#[derive(Debug)]
#[must_use = "the database stops when this is dropped"]
pub struct RunningDatabase {
    server: RunningServer,
    tango_host: String,
}

impl RunningDatabase {
    /// Where clients and servers find it, `host:port`: what they want in `TANGO_HOST`.
    #[must_use]
    pub fn tango_host(&self) -> String {
        self.tango_host.clone()
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.server.address()
    }

    /// Stops serving: clients are disconnected.
    ///
    /// # Errors
    /// None; as for any server.
    pub async fn shutdown(self) -> Result<(), ServerError> {
        self.server.shutdown().await
    }
}
