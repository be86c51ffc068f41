//! What can go wrong when watching.

use crate::device::{DeviceError, DeviceErrorKind};

/// An attribute can not be watched.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{attribute} of {device} can not be watched{}", advice(source))]
pub struct TracerError {
    /// The canonical name of the device.
    pub device: String,
    /// The attribute, as it was asked for.
    pub attribute: String,
    /// What the device said.
    pub source: DeviceError,
}

fn advice(source: &DeviceError) -> &'static str {
    match source.kind {
        DeviceErrorKind::Refused => "; does it exist and push change events?",
        DeviceErrorKind::Unreachable | DeviceErrorKind::TimedOut => "; is the device running?",
        _ => "",
    }
}
