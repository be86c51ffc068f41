//! What devices say, and to whom.

use std::{
    collections::HashMap,
    fmt::{self, Display},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use tokio::sync::mpsc;

use super::{LogLevel, LogTarget, delivery::deliver, record::LogRecord};
use crate::client::DeviceProxy;

/// The logs of a server's devices: a servant says something here, and it goes to the targets that
/// clients have added to the device by `AddLoggingTarget` of the admin device.
///
/// It exists before its server does, so that devices can be given one. Saying something never
/// waits: if a consumer is slow, some thousand lines wait for it, and what comes beyond is lost. A
/// consumer that is gone is told three times and then dropped. Cloning is cheap, all clones are the
/// same.
///
/// ```
/// use tango_wire::server::{DeviceLogs, DeviceServer, LogLevel};
///
/// let logs = DeviceLogs::new().with_level(LogLevel::Info);
/// let server = DeviceServer::new("lamps/1").with_logs(logs.clone());
/// logs.log("house/lamp/1", LogLevel::Info, "the bulb is warm");
/// ```
#[derive(Clone)]
pub struct DeviceLogs {
    level: LogLevel,
    shared: Arc<Shared>,
}

/// What the clones share.
#[derive(Default)]
pub(super) struct Shared {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// Nobody says anything, by `StopLogging`.
    stopped: bool,
    /// By their names in lower case; those that nobody has asked about are not here.
    devices: HashMap<String, Logger>,
}

#[derive(Default)]
struct Logger {
    /// The one that a client has set.
    level: Option<LogLevel>,
    outlets: Vec<Outlet>,
}

struct Outlet {
    target: LogTarget,
    /// To the consumer, if it is not the console.
    lines: Option<mpsc::Sender<LogRecord>>,
}

impl DeviceLogs {
    /// Logs of level `WARN`, as devices have by default.
    #[must_use]
    pub fn new() -> Self {
        Self {
            level: LogLevel::Warning,
            shared: Arc::default(),
        }
    }

    /// Devices say so much unless a client sets another level.
    #[must_use]
    pub fn with_level(mut self, level: LogLevel) -> Self {
        self.level = level;
        self
    }

    /// Whether anybody would get a line of this device: if not, it need not be put into words.
    #[must_use]
    pub fn wants(&self, device: &str, level: LogLevel) -> bool {
        self.shared.with(|state| {
            let logger = state.devices.get(&device.to_ascii_lowercase());
            let listened = logger.filter(|logger| !logger.outlets.is_empty());
            !state.stopped
                && level != LogLevel::Off
                && listened.is_some_and(|logger| level <= logger.level.unwrap_or(self.level))
        })
    }

    /// A device says something. If nobody wants to know, nothing happens.
    pub fn log(&self, device: &str, level: LogLevel, message: impl Display) {
        if !self.wants(device, level) {
            return;
        }
        let record = LogRecord {
            time: SystemTime::now(),
            level,
            device: device.into(),
            message: message.to_string().into(),
        };
        self.shared.with(|state| {
            let logger = state.devices.get(&device.to_ascii_lowercase());
            for outlet in logger.into_iter().flat_map(|logger| &logger.outlets) {
                outlet.push(&record);
            }
        });
    }

    /// The level of a device.
    #[must_use]
    pub fn level(&self, device: &str) -> LogLevel {
        let set = self.shared.with(|state| {
            let logger = state.devices.get(&device.to_ascii_lowercase())?;
            logger.level
        });
        set.unwrap_or(self.level)
    }

    pub(in crate::server) fn set_level(&self, device: &str, level: LogLevel) {
        self.shared
            .logger(device, |logger| logger.level = Some(level));
    }

    /// Adds a target, unless the device has it. A device that is one is given as `consumer`.
    pub(in crate::server) fn add(
        &self,
        device: &str,
        target: LogTarget,
        consumer: Option<DeviceProxy>,
    ) {
        let logs = Arc::downgrade(&self.shared);
        self.shared.logger(device, |logger| {
            let name = target.full_name();
            let mut known = logger.outlets.iter();
            if known.any(|outlet| outlet.target.full_name() == name) {
                return;
            }
            let lines = consumer.map(|consumer| deliver(consumer, name, logs));
            logger.outlets.push(Outlet { target, lines });
        });
    }

    /// Takes targets away; see [`LogTarget::is_meant_by`].
    pub(in crate::server) fn remove(&self, device: &str, target: &str) {
        self.shared.logger(device, |logger| {
            logger
                .outlets
                .retain(|outlet| !outlet.target.is_meant_by(target));
        });
    }

    pub(in crate::server) fn targets(&self, device: &str) -> Vec<String> {
        self.shared.with(|state| {
            let logger = state.devices.get(&device.to_ascii_lowercase());
            let outlets = logger.into_iter().flat_map(|logger| &logger.outlets);
            outlets.map(|outlet| outlet.target.full_name()).collect()
        })
    }

    /// Whether devices say anything at all.
    pub(in crate::server) fn stop(&self, stopped: bool) {
        self.shared.with(|state| state.stopped = stopped);
    }
}

impl Shared {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        act(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn logger(&self, device: &str, act: impl FnOnce(&mut Logger)) {
        let device = device.to_ascii_lowercase();
        self.with(|state| act(state.devices.entry(device).or_default()));
    }

    /// Takes the consumers away that are gone.
    pub(super) fn remove_gone(&self) {
        self.with(|state| {
            for logger in state.devices.values_mut() {
                let is_gone = |lines: &mpsc::Sender<_>| lines.is_closed();
                logger
                    .outlets
                    .retain(|outlet| !outlet.lines.as_ref().is_some_and(is_gone));
            }
        });
    }
}

impl Outlet {
    fn push(&self, record: &LogRecord) {
        match &self.lines {
            // a consumer that is so far behind does without
            Some(lines) => drop(lines.try_send(record.clone())),
            None => {
                let LogRecord {
                    level,
                    device,
                    message,
                    ..
                } = record;
                tracing::info!(target: "tango_wire::device_log", %level, %device, "{message}");
            }
        }
    }
}

impl Default for DeviceLogs {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for DeviceLogs {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DeviceLogs")
            .field("level", &self.level)
            .finish_non_exhaustive()
    }
}
