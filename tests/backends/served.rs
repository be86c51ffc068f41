//! Subarrays that are served over Tango.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use harness_core::{Device, Value};
use harness_sim::SimulatedTelescope;
use harness_tango::device::TangoConnector;
use harness_tango::telescope::Connector;
use tango_wire::Client;

use crate::subject::{Backend, Subject};

/// Where `tests/interop/backends` says that its PyTango subarray is.
const PYTANGO: &str = "HARNESS_PYTANGO_SUBARRAY";

/// The first subarray of a simulated telescope.
pub(crate) async fn simulated(backend: Backend) -> Subject {
    let telescope = SimulatedTelescope::new()
        .with_dwell(Duration::from_millis(5))
        .start()
        .await
        .unwrap();
    let client = Client::new().with_tango_host(telescope.tango_host());
    let name = "low-tmc/subarray/01";
    subject(backend, client, "Low-TMC/Subarray/01", name, telescope).await
}

/// The PyTango subarray, brought to rest.
pub(crate) async fn pytango(backend: Backend) -> Subject {
    let address = std::env::var(PYTANGO).unwrap_or_else(|_| panic!("{PYTANGO} is not set"));
    let subject = subject(backend, Client::new(), &address, "low/sub/1", ()).await;
    let empty = subject.device.command("SetDirectObsState", 0.into());
    assert_eq!(empty.await.unwrap(), Value::Void);
    subject.device.write("adminMode", 0.into()).await.unwrap();
    subject
}

async fn subject(
    backend: Backend,
    client: Client,
    address: &str,
    name: &'static str,
    kept: impl Any,
) -> Subject {
    Subject {
        backend,
        name,
        device: connect(backend, client, address).await,
        _kept: Box::new(kept),
    }
}

async fn connect(backend: Backend, client: Client, address: &str) -> Arc<dyn Device> {
    let connected = match backend {
        #[cfg(feature = "tango-rs")]
        Backend::TangoRs => {
            let connector = harness_tango::device::TangoRsConnector::new(client);
            connector.connect(address).await
        }
        _ => TangoConnector::new(client).connect(address).await,
    };
    connected.unwrap()
}
