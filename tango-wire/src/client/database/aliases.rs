//! Short names of devices and attributes.

use super::proxy::DatabaseProxy;
use super::question::Question;
use super::reply;
use crate::error::Error;
use crate::types::DevFailed;

impl DatabaseProxy {
    /// The alias of a device, if it has one.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn device_alias(&self, device: &str) -> Result<Option<String>, Error> {
        self.name_if_defined("DbGetDeviceAlias", device).await
    }

    /// The device that an alias stands for, if it is defined.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn device_of_alias(&self, alias: &str) -> Result<Option<String>, Error> {
        self.name_if_defined("DbGetAliasDevice", alias).await
    }

    /// Gives a device an alias, instead of the one that it had.
    ///
    /// # Errors
    /// [`Error::DevFailed`] if it stands for another device; and as for any call.
    pub async fn put_device_alias(&self, device: &str, alias: &str) -> Result<(), Error> {
        self.change(Question::list("DbPutDeviceAlias", device, [alias]))
            .await
    }

    /// Takes an alias back. One that is not defined is no error to the database (DataBaseds 9.3.4).
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn delete_device_alias(&self, alias: &str) -> Result<(), Error> {
        self.change(Question::of("DbDeleteDeviceAlias", alias))
            .await
    }

    /// The aliases of devices that fit a pattern.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn device_aliases(&self, pattern: &str) -> Result<Vec<String>, Error> {
        self.names("DbGetDeviceAliasList", pattern).await
    }

    /// The alias of an attribute (`domain/family/member/attribute`), if it has one.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn attribute_alias(&self, attribute: &str) -> Result<Option<String>, Error> {
        self.name_if_defined("DbGetAttributeAlias2", attribute)
            .await
    }

    /// The attribute (`domain/family/member/attribute`) that an alias stands for, if it is
    /// defined.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn attribute_of_alias(&self, alias: &str) -> Result<Option<String>, Error> {
        // named the wrong way round, but known to every database; DbGetAliasAttribute is not
        self.name_if_defined("DbGetAttributeAlias", alias).await
    }

    /// Gives an attribute (`domain/family/member/attribute`) an alias, instead of the one that it
    /// had.
    ///
    /// # Errors
    /// [`Error::DevFailed`] if it stands for another attribute; and as for any call.
    pub async fn put_attribute_alias(&self, attribute: &str, alias: &str) -> Result<(), Error> {
        self.change(Question::list("DbPutAttributeAlias", attribute, [alias]))
            .await
    }

    /// Takes an alias back.
    ///
    /// # Errors
    /// [`Error::NotDefined`] if it is not defined; and as for any call.
    pub async fn delete_attribute_alias(&self, alias: &str) -> Result<(), Error> {
        self.change(Question::of("DbDeleteAttributeAlias", alias))
            .await
    }

    /// The aliases of attributes that fit a pattern.
    ///
    /// # Errors
    /// As for any call: see [`Error`].
    pub async fn attribute_aliases(&self, pattern: &str) -> Result<Vec<String>, Error> {
        self.names("DbGetAttributeAliasList", pattern).await
    }

    async fn name_if_defined(
        &self,
        command: &'static str,
        name: &str,
    ) -> Result<Option<String>, Error> {
        match self.ask(&Question::of(command, name), reply::text).await {
            // some databases keep no alias as an empty one
            Ok(found) => Ok(Some(found).filter(|found| !found.trim().is_empty())),
            Err(Error::NotDefined { .. }) => Ok(None),
            Err(Error::DevFailed { failure, .. }) if says_none_found(&failure) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// What a database says of an alias of an attribute that it does not know (DataBaseds 9.3.4): only
/// the words tell it from a failure of its tables.
fn says_none_found(failure: &DevFailed) -> bool {
    failure.0.iter().any(|error| {
        let words = &error.description;
        error.reason == "DB_SQLError"
            && (words.starts_with("No alias found") || words.starts_with("No attribute found"))
    })
}
