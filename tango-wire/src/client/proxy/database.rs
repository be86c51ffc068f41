//! What the database knows of a device.

use super::DeviceProxy;
use crate::client::database::{DatabaseProxy, Property, PropertyOwner};
use crate::client::resolver::database_of;
use crate::error::Error;

impl DeviceProxy {
    /// The database that this device is defined in.
    ///
    /// # Errors
    /// [`Error::NoDatabase`] if it is called without one (`#dbase=no`).
    pub fn database(&self) -> Result<DatabaseProxy, Error> {
        database_of(&self.client, &self.device.address)
    }

    /// The values of several of the device's properties, in the order of `names`; `None` for one
    /// that is not there: see [`DatabaseProxy::properties`].
    ///
    /// # Errors
    /// [`Error::NoDatabase`] if it is called without one (`#dbase=no`); and as for any call.
    pub async fn properties(&self, names: &[&str]) -> Result<Vec<Option<Vec<String>>>, Error> {
        let (database, device) = self.entry().await?;
        database
            .properties(PropertyOwner::Device(&device), names)
            .await
    }

    /// Sets properties of the device. Its server reads them when it starts or is told to `Init`.
    ///
    /// # Errors
    /// As [`DeviceProxy::properties`].
    pub async fn put_properties(&self, properties: &[Property]) -> Result<(), Error> {
        let (database, device) = self.entry().await?;
        database
            .put_properties(PropertyOwner::Device(&device), properties)
            .await
    }

    /// Deletes properties of the device. That one is not there is no error.
    ///
    /// # Errors
    /// As [`DeviceProxy::properties`].
    pub async fn delete_properties(&self, names: &[&str]) -> Result<(), Error> {
        let (database, device) = self.entry().await?;
        database
            .delete_properties(PropertyOwner::Device(&device), names)
            .await
    }

    /// The device's alias, if it has one.
    ///
    /// # Errors
    /// As [`DeviceProxy::properties`].
    pub async fn alias(&self) -> Result<Option<String>, Error> {
        let (database, device) = self.entry().await?;
        database.device_alias(&device).await
    }

    /// The database, and the device's name in it, also where its address has an alias.
    async fn entry(&self) -> Result<(DatabaseProxy, String), Error> {
        let database = self.database()?;
        let name = self.name();
        // a name needs no search: the properties of a device that is not running are there, too
        if name.contains('/') {
            return Ok((database, name.to_owned()));
        }
        Ok((database, self.find().await?.name.to_string()))
    }
}
