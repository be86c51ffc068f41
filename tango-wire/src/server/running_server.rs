//! A server at work.

use std::{net::SocketAddr, sync::Arc};

use tokio::{runtime::Handle, sync::watch, task::JoinHandle};

use super::{
    EventPublisher, ServerError,
    admin::Endpoint,
    device_table::DeviceTable,
    registration::{DEVICE_INTERFACE, Registration},
    topics::Topics,
};
use crate::{giop::ObjectReference, zmtp::Publisher};

/// A server that serves its devices until it is shut down.
///
/// Dropping it stops it as well, at once; the database is then told in the background, if a
/// runtime is left to do so.
#[derive(Debug)]
#[must_use = "the server stops when this is dropped"]
pub struct RunningServer {
    parts: Parts,
    registration: Option<Registration>,
}

/// What a running server is made of.
#[derive(Debug)]
pub(super) struct Parts {
    pub(super) address: SocketAddr,
    pub(super) endpoint: Endpoint,
    pub(super) host: String,
    pub(super) topics: Topics,
    pub(super) devices: Arc<DeviceTable>,
    pub(super) events: EventPublisher,
    pub(super) without_database: bool,
    pub(super) tasks: Tasks,
}

#[derive(Debug)]
pub(super) struct Tasks {
    pub(super) accepting: JoinHandle<()>,
    pub(super) beating: JoinHandle<()>,
    pub(super) heartbeats: Arc<Publisher>,
    /// Calls that still run end when this is dropped.
    pub(super) _stop: watch::Sender<()>,
}

impl Tasks {
    /// Stops them and waits until they are gone, their ports with them.
    async fn stop(&mut self) {
        for task in [&mut self.accepting, &mut self.beating] {
            task.abort();
            // it was cancelled: nothing else to learn
            let _ = task.await;
        }
        self.heartbeats.close().await;
    }
}

impl Drop for Tasks {
    fn drop(&mut self) {
        self.accepting.abort();
        self.beating.abort();
    }
}

impl RunningServer {
    pub(super) fn new(parts: Parts) -> Self {
        Self {
            parts,
            registration: None,
        }
    }

    pub(super) fn register(&mut self, registration: Registration) {
        self.registration = Some(registration);
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.parts.address
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

    /// Tells the database that the devices are gone, then stops: clients are disconnected, calls
    /// that still run are dropped, and all ports are free when this returns.
    ///
    /// # Errors
    /// The database cannot be told. The server has stopped nevertheless.
    pub async fn shutdown(mut self) -> Result<(), ServerError> {
        let told = match &self.registration {
            Some(registration) => registration.unexport().await,
            None => Ok(()),
        };
        self.registration = None;
        let events = self.parts.events.detach();
        self.parts.tasks.stop().await;
        if let Some(events) = events {
            events.close().await;
        }
        told
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        self.parts.events.detach();
        if let Some(registration) = self.registration.take()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(async move {
                if let Err(error) = registration.unexport().await {
                    tracing::debug!(%error, "could not take a server out of the database");
                }
            });
        }
    }
}
