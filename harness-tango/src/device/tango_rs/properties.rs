//! Properties of a device, in its Tango database.

use harness_core::DeviceError;
use harness_core::device::{DeviceErrorKind, StackFrame};
use tango_client::{DbDatum, PropertyValue, TangoDataType};

use super::carried::{decoded, octets};
use super::tango_rs_device::TangoRsDevice;

/// Properties, which live in the Tango database: a device that is used without one has none.
impl TangoRsDevice {
    /// The values of one of its properties; `None` if it is not there.
    ///
    /// # Errors
    /// When the name can not be sent, or the database refuses or does not answer.
    pub async fn property(&self, name: &str) -> Result<Option<Vec<String>>, DeviceError> {
        let operation = format!("read property {name}");
        let name = sendable(name).map_err(|words| self.not_sent(&operation, words))?;
        let read = move |proxy: &mut tango_client::DeviceProxy| {
            let asked = DbDatum::for_request(&name, TangoDataType::StringArray);
            proxy.get_device_property(vec![asked])
        };
        let data = self.call(&operation, read).await?;
        match data.into_iter().next().map(|datum| datum.data) {
            Some(PropertyValue::StringArray(values)) => Ok(Some(decoded(values))),
            _ => Ok(None),
        }
    }

    /// Sets a property to one value; what it held before is lost. The server of the device reads it
    /// when it starts or is told to `Init`. For several values use the wire's
    /// [`put_properties`](tango_wire::DeviceProxy::put_properties): `tango-client` frees lists that
    /// it is given in a way that is not sound.
    ///
    /// # Errors
    /// When the name or the value can not be sent, or the database refuses or does not answer.
    pub async fn put_property(&self, name: &str, value: &str) -> Result<(), DeviceError> {
        let operation = format!("write property {name}");
        let refused = |words| self.not_sent(&operation, words);
        let name = sendable(name).map_err(refused)?;
        let words = "a value with a NUL, or a character that is not Latin-1";
        let value = octets(value).ok_or_else(|| refused(words))?;
        self.call(&operation, move |proxy| {
            let datum = DbDatum::new(&name, PropertyValue::String(value));
            proxy.put_device_property(vec![datum])
        })
        .await
    }

    /// Deletes a property. That it is not there is no error.
    ///
    /// # Errors
    /// When the name can not be sent, or the database refuses or does not answer.
    pub async fn delete_property(&self, name: &str) -> Result<(), DeviceError> {
        let operation = format!("delete property {name}");
        let name = sendable(name).map_err(|words| self.not_sent(&operation, words))?;
        let delete = move |proxy: &mut tango_client::DeviceProxy| {
            proxy.delete_device_property(&[name.as_str()])
        };
        self.call(&operation, delete).await
    }

    fn not_sent(&self, operation: &str, words: &str) -> DeviceError {
        DeviceError::new(
            DeviceErrorKind::NotSupported,
            harness_core::Device::name(self),
            operation,
        )
        .with_frame(StackFrame::new("", words))
    }
}

/// A name that the crate neither panics at nor cuts off.
fn sendable(name: &str) -> Result<String, &'static str> {
    if name.is_empty() || !name.chars().all(|character| character.is_ascii_graphic()) {
        return Err("the name of a property is printable ASCII without spaces");
    }
    Ok(name.to_owned())
}
