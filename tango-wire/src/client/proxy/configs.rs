//! Describing attributes.

use super::DeviceProxy;
use crate::client::Call;
use crate::error::Error;
use crate::types::{AttributeConfig, ClientIdentity};

/// The name that stands for all attributes where a list of names is due.
const ALL_ATTRIBUTES: &str = "All attributes_3";
const CONFIG_5: &str = "get_attribute_config_5";

impl DeviceProxy {
    /// What the device says about one of its attributes: its type, its labels and so on.
    ///
    /// # Errors
    /// [`Error::DevFailed`] if it has no such attribute.
    pub async fn attribute_config(&self, attribute: &str) -> Result<AttributeConfig, Error> {
        let call = Call::about(CONFIG_5, "description of attribute", attribute);
        let configs = self.configs(&call, &[attribute]).await?;
        let config = configs.into_iter().next();
        config.ok_or_else(|| Error::protocol(self.name(), call, "nothing about the attribute"))
    }

    /// What the device says about several of its attributes, in the order of the names; about all
    /// of them if there are no names.
    ///
    /// # Errors
    /// [`Error::DevFailed`] if it lacks one of them.
    pub async fn attribute_configs(
        &self,
        attributes: &[&str],
    ) -> Result<Vec<AttributeConfig>, Error> {
        let names = attributes.join(", ");
        let call = Call::about(CONFIG_5, "description of attributes", &names);
        match attributes {
            [] => self.configs(&call, &[ALL_ATTRIBUTES]).await,
            names => self.configs(&call, names).await,
        }
    }

    async fn configs(
        &self,
        call: &Call<'_>,
        attributes: &[&str],
    ) -> Result<Vec<AttributeConfig>, Error> {
        let mut call = *call;
        if self.version().await? < 5 {
            call.operation = "get_attribute_config_3";
        }
        self.call(
            &call,
            |writer, _| writer.strings(attributes),
            |reader, version| {
                let read = if version < 5 {
                    AttributeConfig::read_3
                } else {
                    AttributeConfig::read
                };
                reader.sequence(100, read)
            },
        )
        .await
    }

    /// Changes what can be changed of attributes' configurations: labels, units, limits, when
    /// events are sent. Start from what [`DeviceProxy::attribute_config`] tells. A device with a
    /// database keeps it there.
    ///
    /// # Errors
    /// [`Error::DevFailed`] if the device refuses, for instance because a name, a type or another
    /// fixed part is not what it was.
    pub async fn set_attribute_configs(&self, configs: &[AttributeConfig]) -> Result<(), Error> {
        let names: Vec<&str> = configs.iter().map(|config| config.name.as_str()).collect();
        let names = names.join(", ");
        let operation = match self.version().await? {
            5.. => "set_attribute_config_5",
            _ => "set_attribute_config_4",
        };
        self.call(
            &Call::about(operation, "new description of attributes", &names),
            |writer, version| {
                writer.sequence(configs, |writer, config| {
                    if version < 5 {
                        config.write_3(writer);
                    } else {
                        config.write(writer);
                    }
                });
                ClientIdentity::own(version).write(writer);
            },
            |_, _| Ok(()),
        )
        .await
    }
}
