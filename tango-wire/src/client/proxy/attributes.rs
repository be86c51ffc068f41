//! Reading, writing and describing attributes.

use super::DeviceProxy;
use crate::client::Call;
use crate::error::Error;
use crate::types::{
    AttributeConfig, AttributeReading, AttributeValue, AttributeVersion, AttributeWrite,
    ClientIdentity, DevFailed, Value,
};

/// The name that stands for all attributes where a list of names is due.
const ALL_ATTRIBUTES: &str = "All attributes_3";

impl DeviceProxy {
    /// Reads an attribute.
    ///
    /// A reading of quality [`Invalid`](crate::types::Quality::Invalid) has no value and is no
    /// error.
    ///
    /// # Errors
    /// [`Error::DevFailed`] if the device can't read it or has no such attribute.
    pub async fn read(&self, attribute: &str) -> Result<AttributeReading, Error> {
        let call = Call::about("read_attributes_5", "read of attribute", attribute);
        let mut values = self.read_values(&call, &[attribute]).await?;
        match (values.pop(), values.is_empty()) {
            (Some(value), true) => value.outcome.map_err(|failure| Error::DevFailed {
                device: self.name().to_owned(),
                operation: call.to_string(),
                failure,
            }),
            _ => Err(Error::protocol(
                self.name(),
                call,
                "not one value for one attribute",
            )),
        }
    }

    /// Reads several attributes with one call; the outcomes stand in the order of the names.
    ///
    /// # Errors
    /// The call as a whole failed; that an attribute can't be read is its own outcome.
    pub async fn read_many(
        &self,
        attributes: &[&str],
    ) -> Result<Vec<Result<AttributeReading, DevFailed>>, Error> {
        let names = attributes.join(", ");
        let call = Call::about("read_attributes_5", "read of attributes", &names);
        let values = self.read_values(&call, attributes).await?;
        if values.len() != attributes.len() {
            return Err(Error::protocol(
                self.name(),
                call,
                "not one value for each attribute",
            ));
        }
        Ok(values.into_iter().map(|value| value.outcome).collect())
    }

    async fn read_values(
        &self,
        call: &Call<'_>,
        attributes: &[&str],
    ) -> Result<Vec<AttributeValue>, Error> {
        let mut call = *call;
        if self.version().await? < 5 {
            call.operation = "read_attributes_4";
        }
        let source = self.source;
        self.call(
            &call,
            |writer, version| {
                writer.strings(attributes);
                source.write(writer);
                ClientIdentity::own(version).write(writer);
            },
            |reader, version| {
                let layout = if version < 5 {
                    AttributeVersion::Four
                } else {
                    AttributeVersion::Five
                };
                reader.sequence(48, |reader| AttributeValue::read(reader, layout))
            },
        )
        .await
    }

    /// Writes an attribute: a scalar or, with an array, a spectrum. The value must be of the type
    /// that [`DeviceProxy::attribute_config`] tells; a DevEnum is written as a [`Value::Short`].
    ///
    /// # Errors
    /// [`Error::DevFailed`] if the device refuses it.
    pub async fn write(&self, attribute: &str, value: Value) -> Result<(), Error> {
        let write = AttributeWrite::new(attribute, value);
        let call = Call::about("write_attributes_4", "write of attribute", attribute);
        self.write_values(&call, std::slice::from_ref(&write))
            .await
            .map_err(|error| match error {
                // one attribute, one stack: there is nothing to tell apart
                Error::MultiDevFailed {
                    device,
                    operation,
                    failures,
                } => {
                    let failure = failures.0.into_iter().next().map(|failed| failed.failure);
                    let failure = failure.unwrap_or(DevFailed(Vec::new()));
                    Error::DevFailed {
                        device,
                        operation,
                        failure,
                    }
                }
                other => other,
            })
    }

    /// Writes several attributes, or an image, with one call.
    ///
    /// # Errors
    /// [`Error::MultiDevFailed`] names those that were refused. It does not follow that the others
    /// were written: see [`MultiDevFailed`](crate::types::MultiDevFailed).
    pub async fn write_many(&self, writes: &[AttributeWrite]) -> Result<(), Error> {
        let names = writes
            .iter()
            .map(|write| write.name.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        let call = Call::about("write_attributes_4", "write of attributes", &names);
        self.write_values(&call, writes).await
    }

    async fn write_values(&self, call: &Call<'_>, writes: &[AttributeWrite]) -> Result<(), Error> {
        self.call(
            call,
            |writer, version| {
                writer.sequence(writes, |writer, write| write.write(writer));
                ClientIdentity::own(version).write(writer);
            },
            |_, _| Ok(()),
        )
        .await
    }

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
}

const CONFIG_5: &str = "get_attribute_config_5";
