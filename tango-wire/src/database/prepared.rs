//! A database that is not started yet: where it listens, what it holds to begin with.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use tokio::sync::Notify;

use super::{
    RunningDatabase, StateError, StorageLimits,
    servant::{DEVICE, DatabaseServant, SERVER, define_itself},
    state::{self, Document, Keeper},
    store::Store,
};
use crate::server::{DATABASE_KEY, DeviceServer, ServerError};

/// A Tango database in memory that is not started yet.
#[derive(Clone, Debug)]
#[must_use = "it must be started"]
pub struct Database {
    address: String,
    host: Option<String>,
    limits: StorageLimits,
    store: Store,
    state_file: Option<PathBuf>,
}

impl Default for Database {
    fn default() -> Self {
        Self::new()
    }
}

impl Database {
    /// An empty database, on a free port of the loopback address.
    pub fn new() -> Self {
        Self::holding(Store::default())
    }

    fn holding(store: Store) -> Self {
        Self {
            address: "127.0.0.1:0".to_owned(),
            host: None,
            limits: StorageLimits::default(),
            store,
            state_file: None,
        }
    }

    /// A database that holds what [`Database::to_json`] has written, or somebody by hand.
    ///
    /// # Errors
    /// [`StateError::Json`] with the line and column of what is wrong, [`StateError::Entry`] with
    /// the names that lead to it, [`StateError::Version`].
    pub fn from_json(json: &str) -> Result<Self, StateError> {
        Ok(Self::holding(state::from_json(json)?))
    }

    /// A database that holds what is in a state file.
    ///
    /// # Errors
    /// The file cannot be read, or as for [`Database::from_json`], inside
    /// [`StateError::Contents`].
    pub async fn load(path: impl AsRef<Path>) -> Result<Self, StateError> {
        Ok(Self::holding(state::read(path.as_ref()).await?))
    }

    /// Keeps what it holds in a file, from one run to the next: starts with what is in the file,
    /// if there is one, in place of what it held so far; saves half a second after every change,
    /// and when it is shut down or dropped.
    ///
    /// A failure to save is told by [`RunningDatabase::shutdown`]; those before are traced as
    /// errors, and the next change tries again. Two databases must not have the same file.
    ///
    /// # Errors
    /// As for [`Database::load`], but for a file that is not there.
    pub async fn with_state_file(mut self, path: impl Into<PathBuf>) -> Result<Self, StateError> {
        let path = path.into();
        if let Some(store) = state::read_if_there(&path).await? {
            self.store = store;
        }
        self.state_file = Some(path);
        Ok(self)
    }

    /// What it holds, as JSON:
    ///
    /// ```
    /// # use tango_wire::database::Database;
    /// let database = Database::from_json(r#"
    /// {
    ///   "format": "tango-wire database",
    ///   "version": 1,
    ///   "servers": {
    ///     "Subarray/1": {
    ///       "starter": {"host": "node1", "mode": 1, "level": 2},
    ///       "devices": {
    ///         "low/subarray/01": {
    ///           "class": "Subarray",
    ///           "alias": "sub1",
    ///           "properties": {"CapabilityTypes": ["a", "b"], "SkaLevel": "2"},
    ///           "attribute_properties": {"obsState": {"label": ["observing state"]}},
    ///           "pipe_properties": {}
    ///         }
    ///       }
    ///     }
    ///   },
    ///   "classes": {"Subarray": {"properties": {"Description": ["A subarray"]}}},
    ///   "objects": {"CtrlSystem": {"DefaultTimeout": ["3000"]}},
    ///   "attribute_aliases": {"state1": "low/subarray/01/obsState"},
    ///   "undefined_devices": {"low/subarray/02": {"properties": {"SkaLevel": ["2"]}}}
    /// }
    /// "#)?;
    /// assert!(database.to_json()?.contains(r#""alias": "sub1""#));
    /// # Ok::<(), tango_wire::database::StateError>(())
    /// ```
    ///
    /// `format` and `version` must be there, and the `class` of each device; everything else may
    /// be left out. A property has a list of texts, or one text alone. `undefined_devices` have
    /// properties, but no server (yet). What is not named above is refused, as is a name that
    /// is there twice.
    ///
    /// A device that runs has an entry `exported` besides: `reference` (its IOR), `host`, `process`,
    /// `version` (of its interface) and `started` (seconds since 1970). So a database that is
    /// started again knows where servers are that did not stop meanwhile; of one that did, clients
    /// learn when they call it, as with a real database. Every server has its admin device,
    /// `dserver/...`, which is listed only if it runs or has properties.
    ///
    /// # Errors
    /// None in practice.
    pub fn to_json(&self) -> Result<String, StateError> {
        state::to_json(&Document::of(&self.store))
    }

    /// Holds a device that a server is to run, under a name like `domain/family/member`. Its name
    /// and that of its server are taken as they are.
    pub fn with_device(
        mut self,
        server: impl AsRef<str>,
        device: impl AsRef<str>,
        class: impl AsRef<str>,
    ) -> Self {
        self.store
            .define(device.as_ref(), server.as_ref(), class.as_ref());
        self
    }

    /// Holds a property of a device, which need not be defined.
    pub fn with_property(
        mut self,
        device: impl AsRef<str>,
        name: impl AsRef<str>,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.store
            .device_properties
            .put(device.as_ref(), name.as_ref(), values);
        self
    }

    /// Holds a property of a class.
    pub fn with_class_property(
        mut self,
        class: impl AsRef<str>,
        name: impl AsRef<str>,
        values: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.store
            .class_properties
            .put(class.as_ref(), name.as_ref(), values);
        self
    }

    /// Holds a short name for a device, in place of the one it had, and of whatever had this alias
    /// before.
    pub fn with_alias(mut self, device: impl AsRef<str>, alias: impl AsRef<str>) -> Self {
        self.store.device_aliases.remove(alias.as_ref());
        self.store
            .device_aliases
            .put(device.as_ref(), alias.as_ref());
        self
    }

    /// Listens on this address and port; port 0 takes a free one.
    ///
    /// Anybody who can reach the address can define and delete devices: Tango knows no passwords.
    pub fn bind(mut self, address: impl Into<String>) -> Self {
        self.address = address.into();
        self
    }

    /// Tells clients this host name or address instead of the one that is bound.
    pub fn advertise(mut self, host: impl Into<String>) -> Self {
        self.host = Some(host.into());
        self
    }

    /// Lets clients store this much. What it holds to begin with is not held against it.
    pub fn with_limits(mut self, limits: StorageLimits) -> Self {
        self.limits = limits;
        self
    }

    /// Starts serving.
    ///
    /// # Errors
    /// The address cannot be bound.
    pub async fn start(self) -> Result<RunningDatabase, ServerError> {
        let store = Arc::new(Mutex::new(self.store));
        let changed = Arc::new(Notify::new());
        let servant = DatabaseServant::new(Arc::clone(&store), self.limits, Arc::clone(&changed));
        let mut server = DeviceServer::new(SERVER)
            .with_device(DEVICE, Arc::new(servant))
            .with_object_key(DATABASE_KEY, DEVICE)
            .bind(self.address);
        if let Some(host) = self.host {
            server = server.advertise(host);
        }
        let server = server.start().await?;
        define_itself(&store, &server)?;
        let keeper = self
            .state_file
            .map(|path| Keeper::spawn(path, Arc::clone(&store), changed));
        Ok(RunningDatabase::new(server, store, keeper))
    }
}
