//! Connecting devices over Tango.

use std::sync::Arc;

use harness_core::device::DeviceErrorKind;
use harness_core::{BoxFuture, Device, DeviceError};

use crate::telescope::{ConnectError, Connector, TelescopeConfig};

/// Connects devices over Tango.
#[derive(Clone, Debug)]
pub struct TangoConnector {}

impl TangoConnector {
    /// A connector for the devices of a telescope.
    ///
    /// # Errors
    /// When the Tango database can not be reached.
    pub async fn for_telescope(_config: &TelescopeConfig) -> Result<TangoConnector, ConnectError> {
        Ok(TangoConnector {})
    }
}

impl Connector for TangoConnector {
    fn connect<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Arc<dyn Device>, DeviceError>> {
        Box::pin(async move {
            Err(DeviceError::new(
                DeviceErrorKind::NotSupported,
                name,
                "connect",
            ))
        })
    }
}
