//! Connecting devices through cppTango.

use std::sync::Arc;

use harness_core::{BoxFuture, Device, DeviceError};
use tango_wire::Client;
use tango_wire::client::Place;

use super::proxies::Proxies;
use super::tango_rs_device::TangoRsDevice;
use crate::device::{TangoConnector, TangoDevice};
use crate::telescope::{ConnectError, Connector, TelescopeConfig};

/// What the journal says of the way.
const WAY: &str = "calls go through tango-rs (cppTango); through tango-wire go enumerated and encoded \
                   values, numbers in arrays, states and lists of texts as arguments, written lists \
                   of any kind, attributes after a value of invalid quality, unknown names, events \
                   and descriptions, as docs/backends.md says";

/// Connects devices through cppTango, by the crate `tango-client`, and by tango-wire beside it for
/// what that can not do.
///
/// There are no routes to such devices: cppTango makes its own connections, past any gate.
///
/// ```no_run
/// use harness_core::Tracer;
/// use harness_tango::device::TangoRsConnector;
/// use harness_tango::telescope::{Telescope, TelescopeConfig};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let config = TelescopeConfig::from_file("low.toml")?;
/// let connector = TangoRsConnector::for_telescope(&config).await?;
/// let telescope = Telescope::connect_with(config, &connector, &Tracer::default()).await?;
/// # drop(telescope);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct TangoRsConnector {
    wire: TangoConnector,
}

impl TangoRsConnector {
    /// A connector that uses this client for tango-wire, and its database and timeouts for cppTango
    /// too. Of several hosts of a database cppTango gets the first, unless they are in `TANGO_HOST`.
    #[must_use]
    pub fn new(client: Client) -> TangoRsConnector {
        TangoRsConnector {
            wire: TangoConnector::new(client),
        }
    }

    /// A connector for the devices of a telescope. Makes sure that its Tango database is there, if
    /// any of its devices needs one.
    ///
    /// # Errors
    /// Those of [`TangoConnector::for_telescope`].
    pub async fn for_telescope(config: &TelescopeConfig) -> Result<Self, ConnectError> {
        let wire = TangoConnector::for_telescope(config).await?;
        Ok(TangoRsConnector { wire })
    }

    /// The device of that name, after it has answered both ways.
    ///
    /// # Errors
    /// When the name is none, or the device does not answer.
    pub async fn device(&self, name: &str) -> Result<TangoRsDevice, DeviceError> {
        let wire = self.wire.find(name).await?;
        let client = self.wire.client();
        let proxies = Proxies::new(
            self.address(&wire),
            client.timeout(),
            client.connect_timeout(),
        );
        let device = TangoRsDevice::new(wire, proxies);
        device.check().await?;
        Ok(device)
    }

    /// The address as cppTango takes it. It was read before, so it has no character that a name can
    /// not have.
    fn address(&self, device: &TangoDevice) -> String {
        let address = device.proxy().address();
        let hosts = self.wire.client().tango_host();
        match (
            address.place(),
            hosts.and_then(|hosts| hosts.split(',').next()),
        ) {
            (Place::Database(None), Some(host)) => {
                format!("tango://{}/{}", host.trim(), address.device())
            }
            _ => address.to_string(),
        }
    }
}

impl Connector for TangoRsConnector {
    fn connect<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Arc<dyn Device>, DeviceError>> {
        Box::pin(async move { Ok(Arc::new(self.device(name).await?) as Arc<dyn Device>) })
    }

    fn way(&self) -> Option<&str> {
        Some(WAY)
    }
}
