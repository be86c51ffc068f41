//! Connecting devices over Tango.

use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use harness_core::{BoxFuture, Device, DeviceError};
use tango_wire::Client;
use tango_wire::client::DeviceAddress;
use tokio::net::TcpStream;

use super::error::device_error;
use super::routes::{Routes, RoutesTo};
use super::tango_device::TangoDevice;
use crate::telescope::{ConnectError, Connector, TelescopeConfig};

/// How long the Tango database may take to accept a connection.
const PATIENCE: Duration = Duration::from_secs(3);

/// Connects devices over Tango.
#[derive(Clone, Default)]
pub struct TangoConnector {
    client: Client,
    routes: Option<Arc<dyn Routes>>,
}

impl TangoConnector {
    /// A connector that uses this client.
    #[must_use]
    pub fn new(client: Client) -> TangoConnector {
        TangoConnector {
            client,
            routes: None,
        }
    }

    /// Connects to devices on these routes, instead of straight. Logs of devices still come straight.
    #[must_use]
    pub fn with_routes(mut self, routes: impl Routes) -> TangoConnector {
        self.routes = Some(Arc::new(routes));
        self
    }

    /// What it connects with, where there are no routes.
    #[cfg(feature = "tango-rs")]
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// The client for a device: one of its own if there are routes to it.
    fn client_for(&self, device: &DeviceAddress) -> Client {
        match &self.routes {
            None => self.client.clone(),
            Some(routes) => self.client.clone().with_address_book(RoutesTo {
                device: device.device().to_owned(),
                routes: Arc::clone(routes),
            }),
        }
    }

    /// The device of that name, after it has answered.
    pub(super) async fn find(&self, name: &str) -> Result<TangoDevice, DeviceError> {
        let proxy = async {
            let address: DeviceAddress = name.parse()?;
            self.client_for(&address).device_at(address).await
        };
        let proxy = proxy.await;
        let proxy = proxy.map_err(|error| device_error(name, "connect", error))?;
        Ok(TangoDevice::new(proxy))
    }

    /// A connector for the devices of a telescope. Makes sure that its Tango database is there, if
    /// any of its devices needs one, so that its absence is told once and not for each device.
    ///
    /// # Errors
    /// When a database is needed and none is configured, or when none of those configured accepts
    /// a connection within three seconds.
    pub async fn for_telescope(config: &TelescopeConfig) -> Result<TangoConnector, ConnectError> {
        let telescope = || config.name().to_owned();
        let devices = config.devices().map_err(|source| ConnectError::Config {
            telescope: telescope(),
            source,
        })?;
        let has_own_place = |name: &str| name.to_ascii_lowercase().starts_with("tango:");
        if devices.iter().all(|device| has_own_place(&device.name)) {
            return Ok(TangoConnector::default());
        }
        let tango_host = config
            .tango_host()
            .map(str::to_owned)
            .or_else(|| std::env::var("TANGO_HOST").ok())
            .filter(|host| !host.trim().is_empty())
            .ok_or_else(|| ConnectError::NoTangoHost {
                telescope: telescope(),
            })?;
        match find_database(&tango_host).await {
            Ok(()) => Ok(TangoConnector::new(
                Client::new().with_tango_host(tango_host),
            )),
            Err(source) => Err(ConnectError::Database {
                telescope: telescope(),
                tango_host,
                source,
            }),
        }
    }
}

impl fmt::Debug for TangoConnector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TangoConnector")
            .field("client", &self.client)
            .field("has_routes", &self.routes.is_some())
            .finish()
    }
}

impl Connector for TangoConnector {
    fn connect<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Arc<dyn Device>, DeviceError>> {
        Box::pin(async move { Ok(Arc::new(self.find(name).await?) as Arc<dyn Device>) })
    }
}

/// Whether anything listens at one of the places, which stand in for one another.
async fn find_database(tango_host: &str) -> io::Result<()> {
    let mut last = io::Error::new(io::ErrorKind::InvalidInput, "not host:port");
    for place in tango_host
        .split(',')
        .map(str::trim)
        .filter(|place| !place.is_empty())
    {
        match tokio::time::timeout(PATIENCE, TcpStream::connect(place)).await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) => last = error,
            Err(_) => {
                let words = format!("no answer within {} s", PATIENCE.as_secs());
                last = io::Error::new(io::ErrorKind::TimedOut, words);
            }
        }
    }
    Err(last)
}
