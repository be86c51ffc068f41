//! What can go wrong when watching.

use crate::device::{DeviceError, DeviceErrorKind};

/// An attribute can not be watched.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{attribute} of {device} can not be watched")]
pub struct TracerError {
    /// The canonical name of the device.
    pub device: String,
    /// The attribute, as it was asked for.
    pub attribute: String,
    /// What the device said.
    pub source: DeviceError,
}

impl TracerError {
    /// Whether the device was reached and does not let the attribute be watched, now or ever.
    pub fn is_refusal(&self) -> bool {
        self.source.kind == DeviceErrorKind::Refused || self.is_lasting_refusal()
    }

    /// Whether the device was reached and pushes no such events, so that asking again is useless.
    pub fn is_lasting_refusal(&self) -> bool {
        matches!(
            self.source.kind,
            DeviceErrorKind::NotPushed | DeviceErrorKind::NotSupported
        )
    }

    /// What to look at next, when it is known.
    pub fn advice(&self) -> Option<String> {
        let Self {
            device, attribute, ..
        } = self;
        match self.source.kind {
            DeviceErrorKind::Refused | DeviceErrorKind::NotPushed => Some(format!(
                "does {device} have {attribute}, and does it push change events for it?"
            )),
            DeviceErrorKind::Unreachable | DeviceErrorKind::TimedOut => {
                Some(format!("is {device} running, and is its name right?"))
            }
            _ => None,
        }
    }
}
