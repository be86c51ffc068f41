//! A server at work.

use std::{fmt, net::SocketAddr, sync::Arc};

use tokio::task::JoinHandle;

use super::{
    EventError, EventPublisher, ServerError,
    admin::Endpoint,
    device_table::DeviceTable,
    halt::Halt,
    registration::{DEVICE_INTERFACE, Registration},
    topics::Topics,
};
use crate::giop::ObjectReference;

/// A server that serves its devices until it is shut down.
///
/// Dropping it stops it as well, at once; the database is then told in the background, if a
/// runtime is left to do so. Devices that another server serves by then stay as they are. Printed, it says which server it is and where it listens.
#[derive(Debug)]
#[must_use = "the server stops when this is dropped"]
pub struct RunningServer {
    parts: Parts,
}

/// What a running server is made of.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) name: String,
    pub(super) address: SocketAddr,
    pub(super) heartbeat_address: SocketAddr,
    pub(super) event_address: SocketAddr,
    pub(super) endpoint: Endpoint,
    pub(super) host: String,
    pub(super) topics: Topics,
    pub(super) devices: Arc<DeviceTable>,
    pub(super) events: EventPublisher,
    pub(super) without_database: bool,
    pub(super) halt: Arc<Halt>,
    /// Waits for a client's Kill, if there may be one.
    pub(super) killer: Option<JoinHandle<()>>,
}

impl RunningServer {
    pub(super) fn new(parts: Parts) -> Self {
        Self { parts }
    }

    pub(super) fn register(&self, registration: Registration) {
        self.parts.halt.register(registration);
    }

    /// The server's name, `program/instance`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.parts.name
    }

    /// Where it listens for requests.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.parts.address
    }

    /// Where it publishes its heartbeats.
    #[must_use]
    pub fn heartbeat_address(&self) -> SocketAddr {
        self.parts.heartbeat_address
    }

    /// Where it publishes events.
    #[must_use]
    pub fn event_address(&self) -> SocketAddr {
        self.parts.event_address
    }

    /// The host it says it runs on.
    pub(crate) fn host(&self) -> &str {
        &self.parts.host
    }

    /// Where clients reach it, as `host:port`.
    pub(crate) fn host_and_port(&self) -> String {
        self.parts.endpoint.to_string()
    }

    /// What clients call a device: `tango://host:port/domain/family/member`, with `#dbase=no`
    /// behind it if there is no database. `None` if the server has no such device.
    #[must_use]
    pub fn device_url(&self, device: &str) -> Option<String> {
        let device = self.parts.devices.find(device)?;
        if self.parts.without_database {
            Some(format!(
                "tango://{}/{}#dbase=no",
                self.parts.endpoint,
                device.name()
            ))
        } else {
            Some(self.parts.topics.url(device))
        }
    }

    /// The reference of a device, as it stands in the database. `None` if the server has no such
    /// device.
    #[must_use]
    pub fn object_reference(&self, device: &str) -> Option<ObjectReference> {
        let device = self.parts.devices.find(device)?;
        let Endpoint { host, port } = &self.parts.endpoint;
        let key = device.name().to_lowercase();
        Some(ObjectReference::new(
            DEVICE_INTERFACE,
            host.as_str(),
            *port,
            key,
        ))
    }

    /// The publisher of its devices' events.
    #[must_use]
    pub fn events(&self) -> EventPublisher {
        self.parts.events.clone()
    }

    /// Says that a device's commands or attributes are others now: see
    /// [`EventPublisher::interface_changed`].
    ///
    /// # Errors
    /// The server has no such device.
    pub fn interface_changed(&self, device: &str) -> Result<bool, EventError> {
        self.parts.events.interface_changed(device)
    }

    /// Waits until a client has stopped the server by the command `Kill`. A server that was not
    /// built [`with_remote_kill`](super::DeviceServer::with_remote_kill) runs on: then this waits
    /// for ever. It can be dropped at any time.
    pub async fn killed(&self) {
        self.parts.halt.stopped().await;
    }

    /// Tells the database that the devices are gone, those that no other server has taken over, then
    /// stops: clients are disconnected, calls
    /// that still run are dropped, and all ports are free when this returns.
    ///
    /// # Errors
    /// The database cannot be told. The server has stopped nevertheless.
    pub async fn shutdown(self) -> Result<(), ServerError> {
        self.parts.halt.stop().await
    }
}

impl fmt::Display for RunningServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Parts {
            name,
            address,
            heartbeat_address,
            event_address,
            ..
        } = &self.parts;
        write!(
            formatter,
            "device server {name} at {address}, heartbeats at {heartbeat_address}, \
             events at {event_address}"
        )
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        if let Some(killer) = &self.parts.killer {
            killer.abort();
        }
        self.parts.halt.stop_now(self.parts.address);
    }
}
