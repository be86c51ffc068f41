//! The log of a device, to those who asked for it over Tango.

use std::fmt;
use std::sync::Arc;

use tango_wire::server::{DeviceLogs, LogLevel};

use crate::device::LogPort;

/// The log of a device, to those who asked for it over Tango.
#[derive(Debug)]
pub(crate) struct DeviceLog {
    device: Arc<str>,
    logs: DeviceLogs,
}

impl DeviceLog {
    pub(crate) fn new(device: Arc<str>, logs: DeviceLogs) -> DeviceLog {
        DeviceLog { device, logs }
    }
}

impl LogPort for DeviceLog {
    fn wants(&self) -> bool {
        self.logs.wants(&self.device, LogLevel::Info)
    }

    fn write(&self, line: fmt::Arguments<'_>) {
        self.logs.log(&self.device, LogLevel::Info, line);
    }
}
