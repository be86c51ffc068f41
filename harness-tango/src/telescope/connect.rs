//! Connecting all devices of a telescope.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use harness_core::device::{DeviceErrorKind, StackFrame};
use harness_core::{BoxFuture, Device, DeviceError, Timeout, TracedDevice, Tracer};

use super::config::{ConfiguredDevice, TelescopeConfig};
use super::error::{AbsentDevice, ConnectError};
use crate::lrc::LrcNarrator;

/// How long one device may take to answer when the telescope is connected.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connects a device by its name. Tango's is [`TangoConnector`](crate::device::TangoConnector);
/// closures that give devices in memory will do in tests.
pub trait Connector: Send + Sync {
    /// The device, after it has answered.
    fn connect<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Arc<dyn Device>, DeviceError>>;

    /// What a reader of the record should know of the way that calls take, if it is not the usual
    /// one: a note in the journal of each telescope that is connected with it. `None` by default.
    fn way(&self) -> Option<&str> {
        None
    }
}

impl<F> Connector for F
where
    F: Fn(&str) -> Result<Arc<dyn Device>, DeviceError> + Send + Sync,
{
    fn connect<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Arc<dyn Device>, DeviceError>> {
        Box::pin(std::future::ready(self(name)))
    }
}

/// The devices that answered, and those that did not and need not.
pub(super) struct Connected {
    pub(super) devices: Vec<(ConfiguredDevice, TracedDevice)>,
    pub(super) absent: Vec<AbsentDevice>,
}

/// Connects all devices at the same time.
pub(super) async fn connect_all(
    config: &TelescopeConfig,
    connector: &dyn Connector,
    tracer: &Tracer,
) -> Result<Connected, ConnectError> {
    let telescope = || config.name().to_owned();
    let devices = config.devices().map_err(|source| ConnectError::Config {
        telescope: telescope(),
        source,
    })?;
    LrcNarrator::tell(tracer.journal());
    if let Some(way) = connector.way() {
        tracer.journal().note(way);
    }
    let of = devices.len();
    let attempts = devices.into_iter().map(|device| async {
        let awaited = || vec![format!("{} to answer", device.name)];
        let attempt = connect_one(connector, &device.name);
        let outcome = tracer
            .while_waiting("connect", None, awaited, attempt)
            .await;
        (device, outcome)
    });
    let (action, patience) = (format!("connect {}", config.name()), Timeout::new(PATIENCE));
    patience.start();
    let outcomes =
        tracer.while_waiting_for_all(&action, Some(&patience), Vec::new, join_all(attempts));
    let mut connected = Vec::new();
    let (mut absent, mut spared) = (Vec::new(), Vec::new());
    for (device, outcome) in outcomes.await {
        match outcome {
            Ok(connection) => connected.push((device, tracer.device(connection))),
            Err(error) if config.is_optional(&device) => {
                let note = format!(
                    "{} goes without {} ({}), which can not be reached",
                    config.name(),
                    device.name,
                    device.part()
                );
                tracing::warn!(%error, "{note}");
                tracer.journal().note(note);
                spared.push(AbsentDevice { device, error });
            }
            Err(error) => absent.push(AbsentDevice { device, error }),
        }
    }
    if absent.is_empty() {
        Ok(Connected {
            devices: connected,
            absent: spared,
        })
    } else {
        Err(ConnectError::Absent {
            telescope: telescope(),
            of,
            absent,
        })
    }
}

async fn connect_one(
    connector: &dyn Connector,
    name: &str,
) -> Result<Arc<dyn Device>, DeviceError> {
    let attempt = tokio::time::timeout(PATIENCE, connector.connect(name));
    attempt.await.unwrap_or_else(|_| {
        let seconds = PATIENCE.as_secs();
        Err(DeviceError::new(DeviceErrorKind::TimedOut, name, "connect")
            .with_frame(StackFrame::new("", format!("no answer within {seconds} s"))))
    })
}
