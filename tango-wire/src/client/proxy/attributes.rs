//! Reading and writing attributes.

use std::collections::HashMap;

use super::DeviceProxy;
use crate::cdr::{CdrError, Reader};
use crate::client::Call;
use crate::error::Error;
use crate::types::{
    AttributeReading, AttributeValue, AttributeVersion, AttributeWrite, ClientIdentity, DevFailed,
    Value,
};

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
        let values = self.read_values(&call, &[attribute]).await?;
        self.only(&call, values)
    }

    /// Reads several attributes with one call; the outcomes stand in the order of the names.
    ///
    /// A name that is there twice is asked for once: cppTango devices (9.3.4 and 10.3.3) that are
    /// asked for one twice never answer, and hang from then on.
    ///
    /// # Errors
    /// The call as a whole failed; that an attribute can't be read is its own outcome.
    pub async fn read_many(
        &self,
        attributes: &[&str],
    ) -> Result<Vec<Result<AttributeReading, DevFailed>>, Error> {
        let names = attributes.join(", ");
        let call = Call::about("read_attributes_5", "read of attributes", &names);
        let mut distinct: Vec<&str> = Vec::with_capacity(attributes.len());
        let mut places = HashMap::with_capacity(attributes.len());
        for attribute in attributes {
            places
                .entry(attribute.to_ascii_lowercase())
                .or_insert_with(|| {
                    distinct.push(attribute);
                    distinct.len() - 1
                });
        }
        let values = self.read_values(&call, &distinct).await?;
        if values.len() != distinct.len() {
            let reason = "not one value for each attribute";
            return Err(Error::protocol(self.name(), call, reason));
        }
        if distinct.len() == attributes.len() {
            return Ok(values.into_iter().map(|value| value.outcome).collect());
        }
        let of = |attribute: &&str| {
            let place = places.get(&attribute.to_ascii_lowercase())?;
            Some(values.get(*place)?.outcome.clone())
        };
        Ok(attributes.iter().filter_map(of).collect())
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
            read_values,
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
            .map_err(one_failure)
    }

    /// Writes an attribute as [`DeviceProxy::write`] does and reads it, with nobody else's call in
    /// between.
    ///
    /// # Errors
    /// [`Error::DevFailed`] if the device refuses the value, or can't read the attribute.
    pub async fn write_read(
        &self,
        attribute: &str,
        value: Value,
    ) -> Result<AttributeReading, Error> {
        let operation = match self.version().await? {
            5.. => "write_read_attributes_5",
            _ => "write_read_attributes_4",
        };
        let write = AttributeWrite::new(attribute, value);
        let call = Call::about(operation, "write and read of attribute", attribute);
        let values = self.call(
            &call,
            |writer, version| {
                writer.sequence(std::slice::from_ref(&write), |writer, write| {
                    write.write(writer);
                });
                if version >= 5 {
                    writer.strings(&[attribute]);
                }
                ClientIdentity::own(version).write(writer);
            },
            read_values,
        );
        self.only(&call, values.await.map_err(one_failure)?)
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

    /// The outcome of the one attribute that a call was about.
    fn only(
        &self,
        call: &Call<'_>,
        mut values: Vec<AttributeValue>,
    ) -> Result<AttributeReading, Error> {
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
}

/// Reads attribute values, as a device of that version sends them.
fn read_values(reader: &mut Reader<'_>, version: i32) -> Result<Vec<AttributeValue>, CdrError> {
    let layout = if version < 5 {
        AttributeVersion::Four
    } else {
        AttributeVersion::Five
    };
    reader.sequence(48, |reader| AttributeValue::read(reader, layout))
}

/// The error of a call about one attribute: there is nothing to tell apart.
fn one_failure(error: Error) -> Error {
    match error {
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
    }
}
