//! Subarrays that are served over Tango.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use harness_core::{Device, Value};
use harness_sim::SimulatedTelescope;
use harness_tango::device::TangoConnector;
use harness_tango::telescope::Connector;
use tango_wire::Client;

use crate::instrument::{self, PATIENCE};
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
    let (server, url) = instrument::served().await;
    let device = Served::connect(backend, client, "Low-TMC/Subarray/01").await;
    let instrument = Client::new().with_timeout(PATIENCE);
    let instrument = Served::connect(backend, instrument, &url).await;
    subject(backend, name, device, instrument, (telescope, server))
}

/// The PyTango subarray, brought to rest.
pub(crate) async fn pytango(backend: Backend) -> Subject {
    let address = std::env::var(PYTANGO).unwrap_or_else(|_| panic!("{PYTANGO} is not set"));
    let device = Served::connect(backend, Client::new(), &address).await;
    let instrument = Client::new().with_timeout(PATIENCE);
    let instrument = Served::connect(backend, instrument, &address).await;
    let subject = subject(backend, "low/sub/1", device, instrument, ());
    let empty = subject.device.command("SetDirectObsState", 0.into());
    assert_eq!(empty.await.unwrap(), Value::Void);
    subject.device.write("adminMode", 0.into()).await.unwrap();
    subject
}

fn subject(
    backend: Backend,
    name: &'static str,
    device: Served,
    instrument: Served,
    kept: impl Any,
) -> Subject {
    Subject {
        backend,
        name,
        device: device.device,
        instrument: instrument.device,
        through_cpp_tango: instrument.through_cpp_tango,
        _kept: Box::new(kept),
    }
}

struct Served {
    device: Arc<dyn Device>,
    through_cpp_tango: Box<dyn Fn() -> Option<u64>>,
}

impl Served {
    async fn connect(backend: Backend, client: Client, address: &str) -> Served {
        #[cfg(feature = "tango-rs")]
        if backend == Backend::TangoRs {
            let connector = harness_tango::device::TangoRsConnector::new(client);
            let device = Arc::new(connector.device(address).await.unwrap());
            return Served {
                device: Arc::clone(&device) as Arc<dyn Device>,
                through_cpp_tango: Box::new(move || Some(device.calls_through_cpp_tango())),
            };
        }
        assert_eq!(backend, Backend::Wire);
        let connected = TangoConnector::new(client).connect(address).await;
        Served {
            device: connected.unwrap(),
            through_cpp_tango: Box::new(|| None),
        }
    }
}
