//! Collects the logs of devices.

use std::env;
use std::net::IpAddr;
use std::sync::Arc;

use harness_core::Journal;
use tango_wire::Client;
use tango_wire::server::{DeviceServer, RunningServer};

use super::LogError;
use super::consumer::{Consumer, NAME};
use super::listened::ListenedDevices;
use super::listening::{DeviceLog, LogLevel};
use crate::telescope::Telescope;

/// The environment variable with the name of this machine under which device servers reach it.
pub const LOG_HOST: &str = "HARNESS_LOG_HOST";

/// Collects the logs of devices into a journal, for as long as it lives.
///
/// By default only device servers on this machine can send to it. For those elsewhere it must be
/// given a name or address of this machine that they can reach, by
/// [`start_at`](Self::start_at) or in `HARNESS_LOG_HOST`; it then listens on all addresses, and
/// everybody there can write lines into the journal.
///
/// ```no_run
/// use harness_core::{Timeout, assertion::logs};
/// use harness_tango::log::LogCollector;
/// use harness_tango::telescope::Telescope;
///
/// # async fn example(telescope: Telescope) -> Result<(), Box<dyn std::error::Error>> {
/// let collector = LogCollector::of_telescope(&telescope).await?;
/// let _listening = collector.listen("low-sdp/subarray/01").await?;
/// let mark = telescope.tracer().mark();
/// // ... and after something was done:
/// let line = logs("low-sdp/subarray/01", "a transaction", |line| line.message.contains("Transaction["));
/// telescope.tracer().expect(line).since(&mark).within(Timeout::seconds(5)).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "no log comes any more when this is dropped"]
pub struct LogCollector {
    client: Client,
    target: String,
    listened: ListenedDevices,
    #[expect(dead_code, reason = "held for its Drop")]
    server: RunningServer,
}

impl LogCollector {
    /// Starts to collect, for device servers on this machine, or those that reach it by the name
    /// in `HARNESS_LOG_HOST` if that is set. The client finds the devices.
    ///
    /// # Errors
    ///
    /// [`LogError::Collector`] if no port can be opened.
    pub async fn start(journal: Journal, client: Client) -> Result<LogCollector, LogError> {
        let host = env::var(LOG_HOST).ok().filter(|host| !host.is_empty());
        let host = host.as_deref().unwrap_or("127.0.0.1");
        LogCollector::start_at(host, journal, client).await
    }

    /// Starts to collect, for device servers that reach this machine by that name or address.
    ///
    /// # Errors
    ///
    /// [`LogError::Collector`] if no port can be opened.
    pub async fn start_at(
        host: &str,
        journal: Journal,
        client: Client,
    ) -> Result<LogCollector, LogError> {
        let address: Option<IpAddr> = host.parse().ok();
        let bind = match address {
            Some(IpAddr::V6(address)) if address.is_loopback() => "[::1]:0",
            Some(IpAddr::V4(address)) if address.is_loopback() => "127.0.0.1:0",
            Some(IpAddr::V6(_)) => "[::]:0",
            None if host == "localhost" => "127.0.0.1:0",
            _ => "0.0.0.0:0",
        };
        let server = DeviceServer::new(format!("harness-log/{}", std::process::id()))
            .with_device(NAME, Arc::new(Consumer::new(journal)))
            .bind(bind)
            .advertise(host)
            .start()
            .await
            .map_err(LogError::Collector)?;
        let url = server.device_url(NAME).unwrap_or_default();
        Ok(LogCollector {
            client,
            target: format!("device::{url}"),
            listened: ListenedDevices::default(),
            server,
        })
    }

    /// Starts to collect into the record of a telescope, whose devices are found by its
    /// configuration.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    pub async fn of_telescope(telescope: &Telescope) -> Result<LogCollector, LogError> {
        let client = match telescope.config().tango_host() {
            Some(tango_host) => Client::new().with_tango_host(tango_host),
            None => Client::new(),
        };
        LogCollector::start(telescope.tracer().journal().clone(), client).await
    }

    /// The target that admin devices are given: `device::tango://127.0.0.1:PORT/harness/log/1#dbase=no`.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// Listens to the log of a device, by its name or whole address, from now on: the lines of
    /// level INFO and the more urgent ones.
    ///
    /// # Errors
    ///
    /// [`LogError`] if the device is not there, or its server cannot reach this collector.
    pub async fn listen(&self, device: &str) -> Result<DeviceLog, LogError> {
        self.listen_at(device, LogLevel::Info).await
    }

    /// Listens to all lines of at least this level. A device that says less is made to say as much
    /// as long as it is listened to. Who listens twice gets each line once, until both have ended. If
    /// this is cancelled, the log may come nevertheless.
    ///
    /// # Errors
    ///
    /// [`LogError`] if the device is not there, or its server cannot reach this collector.
    pub async fn listen_at(&self, device: &str, level: LogLevel) -> Result<DeviceLog, LogError> {
        DeviceLog::begin(&self.client, device, &self.target, &self.listened, level).await
    }
}
